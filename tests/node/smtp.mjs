// A mail server that takes letters from one user, for everybody but one address, and tells what it was given.

import { SMTPServer } from "smtp-server";

const [user, password, refused] = process.argv.slice(2);
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

const server = new SMTPServer({
  // On loopback nobody is in between.
  allowInsecureAuth: true,
  disabledCommands: ["STARTTLS"],
  onAuth({ username, password: given }, session, done) {
    if (username === user && given === password) done(null, { user });
    else done(new Error("who is that?"));
  },
  onRcptTo({ address }, session, done) {
    if (address === refused) done(Object.assign(new Error(`${address} is nobody`), { responseCode: 550 }));
    else done();
  },
  onData(stream, { envelope, hostNameAppearsAs }, done) {
    const pieces = [];
    stream.on("data", (piece) => pieces.push(piece));
    stream.on("end", () => {
      tell({
        event: "letter",
        from: envelope.mailFrom.address,
        to: envelope.rcptTo.map(({ address }) => address),
        hello: hostNameAppearsAs,
        text: Buffer.concat(pieces).toString(),
      });
      done();
    });
  },
});
server.listen(0, "127.0.0.1", () => tell({ event: "ready", port: server.server.address().port }));
process.stdin.resume();
process.stdin.on("end", () => process.exit());
