// usage: node requests_server.js FILE
//
// Node's HTTP server: a line of JSON in FILE for each request as its parser understood it, or for what it could not.
const fs = require('fs');
const http = require('http');

const log = what => fs.appendFileSync(process.argv[2], JSON.stringify(what) + '\n');
const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
        const {method, headers} = request;
        log({method, headers, body: Buffer.concat(chunks).toString()});
        response.end('ok');
    });
});
server.on('clientError', (error, socket) => {
    log({error: error.code});
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
});
server.listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
process.stdin.resume().on('end', () => process.exit(0));
