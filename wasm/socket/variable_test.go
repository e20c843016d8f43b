package socket

// serverVariable names the environment variable with the address of the server that TestInChromium runs beside the
// tests in the browser.
const serverVariable = "SOTTO_SOCKET_SERVER"

// heard is how many messages the path /deaf reads once it does.
const heard = 32
