// DuckDB, driven by lines of SQL: answers each with its time in ms, and "done".
//
//   node duckdb.js THREADS <statements
//
// The time is DuckDB's alone: until the last row of the result is at hand.
const { DuckDBInstance } = require('@duckdb/node-api');
const readline = require('readline');

(async () => {
	const instance = await DuckDBInstance.create(':memory:', { threads: process.argv[2] });
	const connection = await instance.connect();
	for await (const line of readline.createInterface({ input: process.stdin })) {
		const started = process.hrtime.bigint();
		const reader = await connection.runAndReadAll(line);
		const ms = Number(process.hrtime.bigint() - started) / 1e6;
		if (/^SELECT version/.test(line))
			process.stdout.write(`${reader.getRows()[0][0]}\ndone\n`);
		else
			process.stdout.write(`${ms.toFixed(3)}\ndone\n`);
	}
})().catch((error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
