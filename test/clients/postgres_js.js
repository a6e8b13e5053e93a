// client: Postgres.js
// npm: postgres
'use strict';
const postgres = require('postgres');
const { Readable } = require('stream');
const { pipeline } = require('stream/promises');
const { BN, OTHER, BAD, FIRST, SECOND, THIRD, LIKE, RECORD, yes, index, array, cell, refusal } = require('./common');

(async () => {
	const sql = postgres({ host: process.env.PGHOST, max: 1 });
	const found = async (rows, query) => {
		yes((await query(sql``)).length === rows);
		return index(await query(sql`EXPLAIN`));
	};
	const out = async (query) => {
		const parts = [];
		for await (const part of await query.readable())
			parts.push(part);
		return Buffer.concat(parts);
	};

	await cell('select', async () => {
		const [row] = await sql`SELECT account, bn FROM entries WHERE id = 1`;
		return yes(row.account === FIRST && row.bn === BN);
	});
	await cell('insert', async () => yes((await sql`INSERT INTO entries ${sql({ id: 20001, bn: BN, account: OTHER })}`).count === 1));
	await cell('update', async () => yes((await sql`UPDATE entries SET account = ${'123456782RC0002'} WHERE id = 20001`).count === 1));
	await cell('filter', () => found(1, (x) => sql`${x} SELECT id FROM entries WHERE account = ${THIRD}`));
	await cell('varchar', () => found(1, (x) => sql`${x} SELECT id FROM entries WHERE account = ${THIRD}::varchar`));
	await cell('any', () => found(2, (x) => sql`${x} SELECT id FROM entries WHERE account = ANY(${[FIRST, SECOND]})`),
		() => found(2, (x) => sql`${x} SELECT id FROM entries WHERE account = ANY(${[FIRST, SECOND]}::text[])`));
	await cell('like', async () => yes((await sql`SELECT id FROM entries WHERE account LIKE ${LIKE}`).length === 99));
	await cell('null', async () => {
		await sql`INSERT INTO entries (id, bn, account) VALUES (20002, ${null}, ${null})`;
		return yes((await sql`SELECT account FROM entries WHERE id = 20002`)[0].account === null);
	});
	const arrays = async (query) => {
		await query;
		return array((await sql`SELECT accounts FROM entries WHERE id = 1`)[0].accounts);
	};
	await cell('array', () => arrays(sql`UPDATE entries SET accounts = ${[FIRST, SECOND]} WHERE id = 1`),
		() => arrays(sql`UPDATE entries SET accounts = ${[FIRST, SECOND]}::text[]::program_account[] WHERE id = 1`));
	await cell('copy text', async () => {
		await sql`CREATE TEMP TABLE c (id int4, bn bn9, account program_account)`;
		await pipeline(Readable.from([`1\t${BN}\t${FIRST}\n`]), await sql`COPY c FROM STDIN`.writable());
		return yes((await out(sql`COPY c TO STDOUT`)).toString() === `1\t${BN}\t${FIRST}\n`);
	});
	await cell('copy binary', async () => {
		const rows = await out(sql`COPY c TO STDOUT (FORMAT binary)`);
		await sql`TRUNCATE c`;
		await pipeline(Readable.from([rows]), await sql`COPY c FROM STDIN (FORMAT binary)`.writable());
		return yes((await sql`SELECT account FROM c`)[0].account === FIRST);
	});
	await cell('json', async () => {
		yes((await sql`SELECT to_jsonb(e) AS e FROM entries e WHERE id = 1`)[0].e.account === FIRST);
		await sql`INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ${sql.json(JSON.parse(RECORD))})`;
		return yes((await sql`SELECT account FROM entries WHERE id = 30001`)[0].account === '123456782RC0009');
	});
	await refusal(() => sql`INSERT INTO entries (id, bn) VALUES (20003, ${BAD})`);
	await sql.end();
})();
