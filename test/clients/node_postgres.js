// client: node-postgres
// npm: pg pg-copy-streams
'use strict';
const { Client } = require('pg');
const { BN, OTHER, BAD, FIRST, SECOND, THIRD, LIKE, RECORD, yes, index, array, cell, copies, refusal } = require('./common');

(async () => {
	const db = new Client();
	await db.connect();
	const run = async (sql, ...values) => await db.query({ text: sql, values, rowMode: 'array' });
	const one = async (sql, ...values) => (await run(sql, ...values)).rows[0][0];
	const found = async (rows, sql, value) => {
		yes((await run(sql, value)).rows.length === rows);
		return index((await run(`EXPLAIN ${sql}`, value)).rows);
	};
	const arrays = async (cast) => {
		await run(`UPDATE entries SET accounts = $1${cast} WHERE id = 1`, [FIRST, SECOND]);
		return array(await one('SELECT accounts FROM entries WHERE id = 1'));
	};

	await cell('select', async () => yes((await run('SELECT account, bn FROM entries WHERE id = 1')).rows[0].join() === `${FIRST},${BN}`));
	await cell('insert', async () => yes((await run('INSERT INTO entries (id, bn, account) VALUES (20001, $1, $2)', BN, OTHER)).rowCount === 1));
	await cell('update', async () => yes((await run('UPDATE entries SET account = $1 WHERE id = 20001', '123456782RC0002')).rowCount === 1));
	await cell('filter', () => found(1, 'SELECT id FROM entries WHERE account = $1', THIRD));
	await cell('varchar', () => found(1, 'SELECT id FROM entries WHERE account = $1::varchar', THIRD));
	await cell('any', () => found(2, 'SELECT id FROM entries WHERE account = ANY($1)', [FIRST, SECOND]));
	await cell('like', async () => yes(await one('SELECT count(*) FROM entries WHERE account LIKE $1', LIKE) === '99'));
	await cell('null', async () => {
		await run('INSERT INTO entries (id, bn, account) VALUES (20002, $1, $2)', null, null);
		return yes(await one('SELECT account FROM entries WHERE id = 20002') === null);
	});
	await cell('array', () => arrays(''));
	await cell('copy text', copies(db, 'yes')('text'));
	await cell('copy binary', copies(db, 'yes')('binary'));
	await cell('json', async () => {
		yes((await one('SELECT to_jsonb(e) FROM entries e WHERE id = 1')).account === FIRST);
		await run('INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, $1)', RECORD);
		return yes(await one('SELECT account FROM entries WHERE id = 30001') === '123456782RC0009');
	});
	await refusal(() => run('INSERT INTO entries (id, bn) VALUES (20003, $1)', BAD));
	await db.end();
})();
