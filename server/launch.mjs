// Plain JavaScript of 2020, so that an old Node reads it to the end and can say what is wrong.
// On Node 20 the database module would end the process with a segmentation fault instead of a sentence.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./cli.ts');
} else {
  process.stderr.write(
    `Operary needs Node 22.18 or newer, and this is Node ${process.versions.node}: run it with "npm start" after "npm install" ` +
      '(which brings a Node of its own), or install Node 22.18 or newer.\n',
  );
  process.exitCode = 1;
}
