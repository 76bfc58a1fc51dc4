/* The API's reference, to read. */
const place = document.getElementById("reference");
Redoc.init(place.dataset.schema, { disableSearch: true, theme: { typography: { fontFamily: "Figtree, sans-serif", headings: { fontFamily: "Fraunces, serif" } }, colors: { primary: { main: "#1F3D33" } } } }, place);
