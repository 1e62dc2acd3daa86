export function offerMap(place) {}
