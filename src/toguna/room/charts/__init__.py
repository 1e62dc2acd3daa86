"""The pictures of a briefing, one file per picture.

Each function takes plain data and a `Language` and returns a `Picture`: a Vega-Lite chart, a title that
says the finding, a text alternative and the table behind it. `toguna.room.charts.drawing` makes SVG and
PDF of it without network or browser.
"""
