// Adminer in headless Chromium, on the sample broker: opens the positions,
// filters and sorts them, and enters a wrong number, as a person would.
//
//   node adminer.js URL FOLDER		Adminer's address; where pictures go
'use strict';
const { chromium } = require('playwright-core');
const { check, query, finish } = require('./metadata');

const [url, folder] = process.argv.slice(2);
const { PGPORT, CARM_PASSWORD } = process.env;
const at = `?pgsql=127.0.0.1%3A${PGPORT}&username=broker&db=broker`;

(async () => {
	const browser = await chromium.launchPersistentContext(`${folder}/profile`, {
		executablePath: '/usr/bin/chromium',
		headless: true,
		viewport: { width: 1600, height: 900 },
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
	const page = browser.pages()[0] ?? await browser.newPage();
	page.setDefaultTimeout(30000);
	const picture = (name) => page.screenshot({ path: `${folder}/${name}.png` });
	// what the table shows, by the name of its columns
	const rows = () => page.$$eval('#table', ([table]) => {
		const names = [...table.querySelectorAll('thead th')].map((th) => th.id.slice(3, -1)).filter(Boolean);
		return [...table.querySelectorAll('tbody tr')].map((tr) =>
			Object.fromEntries([...tr.querySelectorAll('td[id]')].map((td, i) => [names[i], td.textContent.trim()])));
	});

	await page.goto(url);
	await page.selectOption('select[name="auth[driver]"]', 'pgsql');
	await page.fill('input[name="auth[server]"]', `127.0.0.1:${PGPORT}`);
	await page.fill('input[name="auth[username]"]', 'broker');
	await page.fill('input[name="auth[password]"]', CARM_PASSWORD);
	await page.fill('input[name="auth[db]"]', 'broker');
	await page.click('input[type=submit]');
	await page.waitForSelector('#menu');
	await picture('adminer-tables');
	check((await page.textContent('#menu')).includes('declarations'), 'Adminer: logs in, and lists the tables');

	await page.goto(`${url}${at}&ns=reporting&select=security_positions`);
	const shown = await rows();
	await picture('adminer-positions');
	check(shown.length === 50 && shown.every((row) => /^\d{9}RM\d{4}$/.test(row.account) && /^\d{9}$/.test(row.business_number)),
		'Adminer: opens the positions, numbers as text');

	// a filter, typed
	await page.click('a[href="#fieldset-search"]');
	await page.selectOption('select[name="where[0][col]"]', 'account');
	await page.selectOption('select[name="where[0][op]"]', '=');
	await page.fill('input[name="where[0][val]"]', '078152618RM0001');
	await page.click('#form fieldset input[type=submit][value=Select]');
	await page.waitForURL(/where/);
	const [found, ...others] = await rows();
	await picture('adminer-filtered');
	const [position] = await query("SELECT * FROM reporting.security_positions WHERE account = '078152618RM0001'");
	check(others.length === 0 && found.account === position.account && found.required_bond === position.required_bond
		&& found.shortfall_bond === position.shortfall_bond && found.status === position.status,
		'Adminer: filters them by an account typed as text');

	// most missing first: a click on the heading sorts, another turns it round
	await page.goto(`${url}${at}&ns=reporting&select=security_positions`);
	for (const order of ['', '&desc%5B0%5D=1']) {
		await page.click('[id="th[shortfall_bond]"] > a');
		await page.waitForURL((to) => to.href.includes(`order%5B0%5D=shortfall_bond${order}`));
	}
	const sorted = await rows();
	await picture('adminer-sorted');
	const largest = await query('SELECT account, shortfall_bond FROM reporting.security_positions ORDER BY shortfall_bond DESC LIMIT 10');
	check(largest.every((row, i) => sorted[i].account === row.account && sorted[i].shortfall_bond === row.shortfall_bond),
		'Adminer: sorts them by what is missing');

	// a table, whose column is an account: Adminer compares its text
	await page.goto(`${url}${at}&ns=public&select=declarations&where%5B0%5D%5Bcol%5D=account&where%5B0%5D%5Bop%5D=%3D`
		+ '&where%5B0%5D%5Bval%5D=078152618RM0001');
	await picture('adminer-entries');
	const entries = await rows();
	check(entries.length === 50 && entries.every((row) => row.account === '078152618RM0001'),
		'Adminer: filters declarations by an account typed as text');

	// a wrong number, and a good one
	const enter = async (number) => {
		await page.goto(`${url}${at}&ns=public&edit=importers`);
		const fields = { number, name: 'Lac Clair Toys Inc.', registered_name: 'Lac Clair Toys Inc.', trade: 'toys', client_since: '2026-11-20' };
		for (const [name, value] of Object.entries(fields))
			await page.fill(`[name="fields[${name}]"]`, value);
		await page.click('input[type=submit][value=Save]');
		await page.waitForSelector('.error, .message');
	};
	await enter('123 456 789');
	const said = await page.textContent('.error');
	await picture('adminer-refused');
	check(said.includes('invalid input syntax for type bn9: "123 456 789"')
		&& said.includes('DETAIL') && said.includes('The check digit (the ninth digit) found is 9, and 2 is required.')
		&& said.includes('its valid neighbour is 123456782'), 'Adminer: a wrong number is refused, with the cause');
	await enter('172 013 906');
	await picture('adminer-entered');
	check((await query("DELETE FROM importers WHERE number = '172013906' RETURNING name")).length === 1,
		'Adminer: a good one, typed with spaces, is stored');
	await browser.close();
})().then(finish, finish);
