"""PayU India, hosted checkout: form out, signed form back, commands asked server to server."""
