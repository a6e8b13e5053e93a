// What the JavaScript clients share; what they print is said in common.py.
'use strict';

exports.BN = '123456782';
exports.OTHER = '123456782RC0001';
exports.BAD = '123456789';
[exports.FIRST, exports.SECOND, exports.THIRD] = [1, 2, 3].map((i) => `123456782RM000${i}`);
exports.LIKE = '123456782RM00%';
exports.RECORD = '{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}';

exports.yes = (good) => {
	if (!good)
		throw new Error('wrong answer');
	return 'yes';
};

exports.index = (plan) => (JSON.stringify(plan).includes('Index') ? 'index' : 'no index');

exports.array = (got) => {
	if (Array.isArray(got))
		return exports.yes(got.join() === `${exports.FIRST},${exports.SECOND}`) && 'list';
	return exports.yes(got === `{${exports.FIRST},${exports.SECOND}}`) && 'text';
};

// The server's error code, wherever the client keeps it.
const state = (e) => [e, e.cause, e.driverError, e.meta, e.cause?.meta, e.meta?.driverAdapterError?.cause]
	.map((x) => x?.originalCode ?? x?.code).find((x) => /^[0-9A-Z]{5}$/.test(x ?? '') && !/^P2\d\d\d$/.test(x)) ?? '';

// The cells of COPY through node-postgres: in as text, out and in again.
exports.copies = (db, word) => {
	const copyStreams = require('pg-copy-streams');
	const { pipeline } = require('stream/promises');
	const { Readable } = require('stream');
	const row = `1\t${exports.BN}\t${exports.FIRST}\n`;
	const into = (rows, form) => pipeline(Readable.from([rows]), db.query(copyStreams.from(`COPY c FROM STDIN (FORMAT ${form})`)));
	const out = async (form) => {
		const parts = [];
		for await (const part of db.query(copyStreams.to(`COPY c TO STDOUT (FORMAT ${form})`)))
			parts.push(part);
		return Buffer.concat(parts);
	};

	return (form) => async () => {
		await db.query('CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account)');
		await db.query('TRUNCATE c');
		await into(row, 'text');
		const rows = await out(form);
		await db.query('TRUNCATE c');
		await into(rows, form);
		return exports.yes((await out('text')).toString() === row) && word;
	};
};

exports.cell = async (name, plain, cast) => {
	let why;
	for (const attempt of [plain, cast]) {
		if (!attempt)
			continue;
		try {
			const got = await attempt();
			console.log(`${name}\t${attempt === plain ? got : got === 'yes' ? 'cast' : `cast, ${got}`}`);
			return;
		} catch (e) {
			why = e;
		}
	}
	console.log(`${name}\t${why ? `no (${state(why) || why.name})` : '-'}`);
	if (why)
		console.log(`#\t${String(why.message).split('\n').filter((l) => l.trim()).slice(-2).join(' ')}`);
};

exports.refusal = async (attempt) => {
	try {
		await attempt();
		console.log('bad number\tno error');
	} catch (e) {
		console.log(`bad number\t${state(e)} \`${e.constructor.name}\``);
	}
};
