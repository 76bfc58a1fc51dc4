/* The API's reference, to try calls in. */
const place = document.getElementById("reference");
SwaggerUIBundle({ url: place.dataset.schema, domNode: place, deepLinking: true, persistAuthorization: false, tryItOutEnabled: true });
