// What the scripts of this folder share.
'use strict';
const pg = require('pg');

const pool = new pg.Pool({ max: 1 });

// every value as psql shows it
pg.types.setTypeParser(pg.types.builtins.DATE, String);

exports.pool = pool;
exports.query = async (sql, ...values) => (await pool.query(sql, values)).rows;
exports.check = (holds, name) => console.log(`${holds ? 'ok' : 'not ok'} - ${name}`);

// Ends the script, and says what went wrong.
exports.finish = async (error) => {
	await pool.end();
	if (error instanceof Error) {
		console.log(error.stack.replace(/^/gm, '# '));
		console.log(`not ok - ${require('path').basename(process.argv[1])} ran to its end`);
	}
	process.exit(error instanceof Error ? 1 : 0);
};
