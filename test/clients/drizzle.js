// client: Drizzle
// npm: drizzle-orm pg pg-copy-streams
'use strict';
const { Pool } = require('pg');
const { drizzle } = require('drizzle-orm/node-postgres');
const { pgTable, integer, text, customType } = require('drizzle-orm/pg-core');
const { eq, inArray, like, sql } = require('drizzle-orm');
const { BN, OTHER, BAD, FIRST, SECOND, THIRD, LIKE, RECORD, yes, index, array, cell, copies, refusal } = require('./common');

(async () => {
	const pool = new Pool({ max: 1 });
	const db = drizzle(pool);
	// The column type to declare; text works for all but arrays.
	const account = customType({ dataType: () => 'program_account' });
	const entries = pgTable('entries', {
		id: integer('id').primaryKey(), bn: text('bn'), account: text('account'), accounts: account('accounts').array(),
	});
	const ids = (where) => db.select({ id: entries.id }).from(entries).where(where);
	const found = async (rows, where) => {
		yes((await ids(where)).length === rows);
		return index((await db.execute(sql`EXPLAIN ${ids(where).getSQL()}`)).rows);
	};

	await cell('select', async () => {
		const [row] = await db.select().from(entries).where(eq(entries.id, 1));
		return yes(row.account === FIRST && row.bn === BN);
	});
	await cell('insert', async () => yes((await db.insert(entries).values({ id: 20001, bn: BN, account: OTHER })).rowCount === 1));
	await cell('update', async () => yes((await db.update(entries).set({ account: '123456782RC0002' }).where(eq(entries.id, 20001))).rowCount === 1));
	await cell('filter', () => found(1, eq(entries.account, THIRD)));
	await cell('varchar', () => found(1, eq(entries.account, sql`CAST(${THIRD} AS varchar)`)));
	await cell('any', () => found(2, inArray(entries.account, [FIRST, SECOND])));
	await cell('like', async () => yes((await ids(like(entries.account, LIKE))).length === 99));
	await cell('null', async () => {
		await db.insert(entries).values({ id: 20002, bn: null, account: null });
		return yes((await db.select().from(entries).where(eq(entries.id, 20002)))[0].account === null);
	});
	await cell('array', async () => {
		await db.update(entries).set({ accounts: [FIRST, SECOND] }).where(eq(entries.id, 1));
		return array((await db.select().from(entries).where(eq(entries.id, 1)))[0].accounts);
	});
	const beneath = await db.$client.connect();
	await cell('copy text', copies(beneath, 'driver')('text'));
	await cell('copy binary', copies(beneath, 'driver')('binary'));
	beneath.release();
	await cell('json', async () => {
		yes((await db.execute(sql`SELECT to_jsonb(e) AS e FROM entries e WHERE id = 1`)).rows[0].e.account === FIRST);
		await db.execute(sql`INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ${RECORD})`);
		return yes((await db.select().from(entries).where(eq(entries.id, 30001)))[0].account === '123456782RC0009');
	});
	await refusal(() => db.insert(entries).values({ id: 20003, bn: BAD }));
	await pool.end();
})();
