"""What stands between the network and the pages: who asks, from where, how often, with what.

Enters: requests. Leaves: a `Principal`, or a refusal; headers on every answer. Put together by
`toguna.room.web.app`.
"""
