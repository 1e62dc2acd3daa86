import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js"; window.x = maplibregl
