-- A sample broker: 240 importers, four years of declarations up to 2026-11-20.
--
-- Everything is synthetic and the same on every run and every server: the
-- dice are a hash of what they are thrown for, and the arithmetic knows no
-- logarithms. The numbers begin with 0, as neither today's business numbers
-- nor social insurance numbers do, and pass the check digit. The last importer
-- has the number that guides print in examples, but with its check digit.

BEGIN;

-- The throw of a die for a key and a purpose: from 0 to below 1.
CREATE FUNCTION pg_temp.die(key bigint, purpose integer) RETURNS double precision
LANGUAGE sql IMMUTABLE
RETURN ((hashint8extended(key, purpose) >> 12) & 1099511627775) / 1099511627776.0::double precision;

-- The digit that makes nine of eight (Luhn).
CREATE FUNCTION pg_temp.with_check_digit(eight text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN eight || (SELECT (10 - sum(CASE WHEN n % 2 = 1 THEN d ELSE 2 * d - CASE WHEN d > 4 THEN 9 ELSE 0 END END) % 10) % 10
				 FROM (SELECT n, substr(eight, n, 1)::integer AS d FROM generate_series(1, 8) AS n) AS digits)::text;

-- What is traded: rates, and the weight of each month.
CREATE TEMP TABLE trades AS
SELECT *
FROM (VALUES
	(0, 'apparel',		'{Apparel,Knitwear,Outerwear,Denim}'::text[],	0.170, 0.00, 0.00, 0.00, NULL::date,   '{0.8,1.4,1.5,0.8,0.6,0.7,1.2,1.9,1.6,0.8,0.6,0.5}'::numeric[]),
	(1, 'footwear',		'{Footwear,Shoes,Bootmakers,Soles}',			0.180, 0.00, 0.00, 0.00, NULL,		   '{0.7,1.5,1.3,0.8,0.6,0.8,1.4,1.8,1.3,0.9,0.6,0.5}'),
	(2, 'furniture',	'{Furniture,Seating,Cabinets,Interiors}',		0.080, 0.05, 0.00, 0.00, NULL,		   '{0.8,0.8,1.0,1.2,1.3,1.1,0.9,1.0,1.1,1.1,0.9,0.7}'),
	(3, 'toys',			'{Toys,Games,Playthings,Hobbies}',				0.020, 0.00, 0.00, 0.00, NULL,		   '{0.4,0.4,0.5,0.6,0.7,0.9,1.2,1.7,2.2,2.0,0.9,0.4}'),
	(4, 'produce',		'{Produce,Greens,Orchards,Fruit}',				0.030, 0.00, 0.00, 0.00, NULL,		   '{1.5,1.5,1.4,1.2,0.9,0.6,0.4,0.4,0.6,0.9,1.2,1.4}'),
	(5, 'seafood',		'{Seafood,Fisheries,Shellfish,Smokehouse}',		0.030, 0.00, 0.00, 0.00, NULL,		   '{0.8,0.8,1.0,1.1,1.2,1.2,1.0,0.9,0.9,1.0,1.0,1.1}'),
	(6, 'machinery',	'{Machinery,Tooling,Hydraulics,Automation}',	0.010, 0.00, 0.00, 0.00, NULL,		   '{0.9,0.9,1.1,1.0,1.0,1.1,0.9,0.8,1.0,1.1,1.1,1.1}'),
	(7, 'steel',		'{Steel,Fasteners,Rebar,Tubing}',				0.000, 0.12, 0.04, 0.25, '2025-03-13', '{0.7,0.8,1.1,1.3,1.3,1.2,1.1,1.0,1.0,0.9,0.8,0.8}'),
	(8, 'wine',			'{Wines,Cellars,Spirits,Vintners}',				0.010, 0.00, 0.00, 0.00, NULL,		   '{0.5,0.6,0.8,0.9,1.0,1.0,0.8,0.8,1.1,1.5,1.8,1.2}'),
	(9, 'auto parts',	'{Auto Parts,Axles,Brakes,Motor Supply}',		0.060, 0.00, 0.00, 0.25, '2025-04-09', '{0.9,0.9,1.1,1.1,1.1,1.0,0.8,0.9,1.1,1.1,1.0,1.0}'),
	(10, 'kitchenware',	'{Kitchenware,Ceramics,Cookware,Housewares}',	0.070, 0.00, 0.00, 0.00, NULL,		   '{0.7,0.7,0.8,0.9,0.9,0.9,1.0,1.2,1.5,1.5,1.2,0.7}'),
	(11, 'bicycles',	'{Bicycles,Cycles,Outdoors,Sports}',			0.130, 0.09, 0.00, 0.00, NULL,		   '{1.2,1.8,2.0,1.7,1.2,0.8,0.5,0.4,0.4,0.5,0.7,0.8}')
) AS t (id, trade, nouns, duty, anti_dumping, countervailing, surtax, surtax_since, season);

-- Importers. One name in five is not what is on file.
INSERT INTO importers (number, name, registered_name, trade, client_since)
SELECT number::bn9,
	CASE i % 20
		WHEN 3 THEN replace(replace(registered, 'Ltd.', 'Limited'), 'Inc.', 'Incorporated')
		WHEN 6 THEN replace(registered, ' ', '  ')
		WHEN 12 THEN upper(registered)
		WHEN 15 THEN translate(registered, 'éô.', 'eo')
		WHEN 18 THEN 'Old ' || registered
		ELSE registered
	END,
	registered, trade,
	CASE WHEN i > 237 THEN date '2026-11-03'
		 WHEN i > 225 THEN date '2026-04-14' + (i - 225) * 9
		 ELSE date '2019-01-07' + (pg_temp.die(i, 1) * 1200)::integer END
FROM (SELECT i, trade,
		pg_temp.with_check_digit(lpad((1000000 + i::bigint * 7368787 % 8999993)::text, 8, '0')) AS number,
		first_words[1 + (i * 7 + i / 40) % 40] || ' ' || nouns[1 + i / 12 % 4] || ' ' || forms[1 + floor(pg_temp.die(i, 0) * 4)::integer] AS registered
	  FROM generate_series(1, 239) AS i
	  JOIN trades ON id = i % 12,
		   (VALUES ('{Ltd.,Inc.,Ltée,Corporation}'::text[],
					'{Maple Harbour,Blue Heron,Northgate,Saguenay,Prairie Rose,Lac Clair,Red River,Granite Bay,Rivière Bleue,Cedar Point,Polar Star,Beau Soleil,Kootenay,Fundy,Aurora,Silver Birch,Métis Crossing,Elk Valley,Gaspé,Three Rivers,Tamarack,Whitecap,Côte Nord,Iron Bridge,Sable,Loon Lake,Belle Île,Chinook,Kingfisher,Ottawa Valley,Juniper,Old Mill,Québec Sud,Lighthouse,Wild Goose,Stone Arch,Bonaventure,Okanagan,Harvest Moon,Clearwater}'::text[])
		   ) AS words (forms, first_words)) AS made
UNION ALL
VALUES (bn9 '123456782', 'Portage Trading Ltd.', 'Portage Trading Ltd.', 'kitchenware', date '2024-02-05');

-- Accounts: every eighth importer has two. The last ones are new, and their
-- security rests on what they expect to import. Importers had to enrol by
-- 2025-05-20, when they could no longer lean on their broker's security.
INSERT INTO accounts (account, opened, enrolled, projected_monthly)
SELECT account, opened, CASE WHEN opened < '2025-05-20' THEN greatest(opened, date '2024-10-21' + (200 * pg_temp.die(i, 31))::integer) ELSE opened END,
	CASE WHEN client_since > '2026-04-01' THEN round((9000 + 60000 * pg_temp.die(i, 2))::numeric, -3) END
FROM (SELECT row_number() OVER (ORDER BY client_since, number::text) AS i, number, client_since FROM importers) AS i,
	generate_series(1, CASE WHEN i % 8 = 0 AND client_since < '2025-01-01' AND number <> '123456782' THEN 2 ELSE 1 END) AS reference,
	LATERAL (SELECT (number::text || 'RM' || to_char(reference, 'FM0000'))::program_account AS account, client_since + (reference - 1) * 200 AS opened) AS a;

-- Streams: most are billed from the 18th to the 17th, some by calendar month.
UPDATE accounts SET stream = s.stream
FROM (SELECT account, CASE WHEN k % 23 = 5 THEN 'courier_low_value' WHEN k % 19 = 4 THEN 'csa_option_1' WHEN k % 19 = 9 THEN 'csa_option_2' END::billing_stream AS stream
	  FROM (SELECT account, row_number() OVER (ORDER BY account::text) AS k FROM accounts) AS a) AS s
WHERE s.account = accounts.account AND s.stream IS NOT NULL;

-- How each account behaves: its size (a few are very large), its growth, when
-- it shrank, when it stopped.
CREATE TEMP TABLE behaviours AS
SELECT k, account, opened, t.*,
	-- a low-value shipment is of 3,300 dollars at most
	CASE WHEN k = 152 THEN 90000000 WHEN k % 23 = 5 THEN 6000 + 9000 * u
		 ELSE 14000 / ((0.07 + u) * (0.07 + u)) END AS monthly_value,
	-0.08 + 0.30 * pg_temp.die(k, 4) AS growth,
	1 + (6.5 * pg_temp.die(k, 5) + 3 * (1 - u))::integer AS entries,
	CASE WHEN k % 13 = 4 AND k <> 152 THEN 34 + k % 3 END AS shrinks,
	CASE WHEN k % 45 = 7 THEN date '2024-06-01' + k::integer ELSE date '2026-11-20' END AS until
FROM (SELECT a.account, a.opened, i.trade, row_number() OVER (ORDER BY a.account::text) AS k
	  FROM accounts AS a JOIN importers AS i USING (number)) AS a
JOIN trades AS t USING (trade),
	LATERAL (SELECT pg_temp.die(k, 3) AS u) AS size;

-- Declarations. A refund takes back most of an earlier entry, now and then
-- more than the month brings.
INSERT INTO declarations (transaction_number, account, release_date, accounting_date,
						  customs_duties, excise, gst, anti_dumping, countervailing, surtax)
SELECT '16742' || to_char(row_number() OVER (ORDER BY release_date, key), 'FM00000000') || (key % 10)::text,
	account, release_date, release_date + (pg_temp.die(key, 13) * 7)::integer,
	customs, excise, round((value + customs + excise + dumping + subsidy + surtax) * 0.05, 2),
	dumping, subsidy, surtax
FROM (SELECT key, account, release_date, value,
		round(value * duty, 2) AS customs,
		round(value * CASE trade WHEN 'wine' THEN 0.21 ELSE 0 END, 2) AS excise,
		round(value * anti_dumping, 2) AS dumping,
		round(value * countervailing, 2) AS subsidy,
		CASE WHEN release_date >= surtax_since AND pg_temp.die(key, 12) < 0.6
			 THEN round(value * b.surtax, 2) ELSE 0 END AS surtax
	  FROM behaviours AS b,
		generate_series(0, 48) AS m,
		LATERAL (SELECT (date '2022-11-01' + make_interval(months => m))::date AS month) AS month,
		LATERAL (SELECT season[extract(month FROM month)::integer]::double precision AS weight) AS weight,
		generate_series(1, (entries * (0.5 + 0.5 * weight) * (0.6 + 0.8 * pg_temp.die(k * 100 + m, 6)))::integer) AS n,
		LATERAL (SELECT (k * 100 + m) * 100 + n AS key) AS key,
		LATERAL (SELECT month + (pg_temp.die(key, 7) * (extract(day FROM month + interval '1 month - 1 day') - 1))::integer AS release_date,
					round((monthly_value / entries * weight * (1 + growth * m / 12) * CASE WHEN m >= shrinks THEN 0.3 ELSE 1 END * (0.3 + 1.4 * pg_temp.die(key, 8))
						   * CASE WHEN pg_temp.die(key, 9) < 0.03 THEN -0.3 - 3.5 * pg_temp.die(key, 10) ELSE 1 END)::numeric, 2) AS any_value) AS priced,
		LATERAL (SELECT CASE WHEN k % 23 = 5 THEN least(any_value, 3300) ELSE any_value END AS value) AS entry
	  WHERE release_date BETWEEN opened AND until AND account <> '123456782RM0001') AS entry;

-- The importer whose portal files are loaded: its declarations since spring. Of
-- the portal's correction nothing is known yet, and the last entries are later
-- than the files.
INSERT INTO declarations (transaction_number, account, release_date, accounting_date, customs_duties, gst)
SELECT transaction_number, '123456782RM0001', release_date, release_date + 4, total - gst, gst
FROM (VALUES
	('14000000000915', date '2026-04-14', 12480.25),
	('14000000000926', '2026-05-11', 9960.00),
	('14000000000937', '2026-06-09', 15300.75),
	('14000000001014', '2026-07-03', 18250.00),
	('14000000001025', '2026-07-20', 4110.50),
	('14000000001036', '2026-08-12', 31400.00),
	('14000000001047', '2026-09-10', 22875.40),
	('14000000001058', '2026-10-22', 8410.90),
	('14000000001069', '2026-11-05', 6725.00)) AS d (transaction_number, release_date, total),
	LATERAL (SELECT round(total / 3, 2) AS gst) AS gst;

-- Corrections: one declaration in thirty has a second version, a few a third.
INSERT INTO declarations (transaction_number, version, account, release_date, accounting_date,
						  customs_duties, excise, gst, anti_dumping, countervailing, surtax)
SELECT transaction_number, next, account, release_date, accounting_date + 30 * (next - 1),
	round(customs_duties * factor, 2), round(excise * factor, 2), round(gst * factor, 2),
	round(anti_dumping * factor, 2), round(countervailing * factor, 2), round(surtax * factor, 2)
FROM declarations,
	LATERAL (SELECT substr(transaction_number, 6, 8)::bigint AS key) AS key,
	generate_series(2, CASE WHEN pg_temp.die(key, 20) < 0.003 THEN 3 WHEN pg_temp.die(key, 20) < 0.033 THEN 2 END) AS next,
	LATERAL (SELECT (0.7 + 0.7 * pg_temp.die(key, 20 + next))::numeric AS factor) AS factor
WHERE accounting_date + 60 <= '2026-11-20' AND account <> '123456782RM0001'
ORDER BY transaction_number, next;

-- What each account's months asked for: at its enrolment, and after the reviews
-- of 2025 and 2026, which look at months from the 20th to the 19th. A projection
-- counts until there are twelve months.
CREATE TEMP TABLE asked AS
WITH months AS (
	SELECT account, date_trunc('month', release_date - 19)::date + 19 AS month, sum(total) AS total
	FROM declarations WHERE is_last
	GROUP BY 1, 2)
SELECT k, account, bn9(account) AS number, enrolled, projected_monthly, first, greatest(first, second) AS second, greatest(first, second, third) AS third,
	last, pg_temp.die(k, 32) AS kind
FROM behaviours
JOIN accounts USING (account, opened),
	LATERAL (SELECT coalesce(max(total) FILTER (WHERE month BETWEEN enrolled - interval '13 months' AND enrolled - interval '1 month'), projected_monthly, 9000),
				coalesce(max(total) FILTER (WHERE month BETWEEN '2024-10-20' AND '2025-09-20'), 0),
				coalesce(max(total) FILTER (WHERE month BETWEEN '2025-10-20' AND '2026-09-20'), 0),
				coalesce(max(total) FILTER (WHERE month BETWEEN '2025-06-01' AND '2026-05-01'), 0)
			 FROM months WHERE months.account = behaviours.account) AS peaks (first, second, third, last);

-- What stands for each account: at first a little more than asked for; raised
-- after a review by most, before its due day; once a new bond in place of the
-- old one, else by a rider. A few have not raised it yet.
CREATE TEMP TABLE levels AS
SELECT k, account, number, kind, n, since, amount, lag(amount) OVER w AS former
FROM (SELECT k, account, number, kind, n, since,
		max(CASE WHEN n = 1 OR raised THEN least(10000000, ceil(greatest(5000, peak * 0.5 * factor) / 1000) * 1000) END) OVER (PARTITION BY account ORDER BY n) AS amount
	  FROM asked,
		LATERAL (VALUES
			(1, enrolled, greatest(first, 2000), 1 + 0.2 * pg_temp.die(k, 33)::numeric, true),
			(2, date '2025-11-10' + (60 * pg_temp.die(k, 34))::integer, second, 1 + 0.1 * pg_temp.die(k, 35)::numeric, pg_temp.die(k, 36) < 0.9),
			(3, date '2026-11-02' + (70 * pg_temp.die(k, 37))::integer, third, 1 + 0.1 * pg_temp.die(k, 38)::numeric, pg_temp.die(k, 39) < 0.4)
		) AS v (n, since, peak, factor, raised)
	  WHERE n = 1 OR enrolled < since) AS v
WHERE account NOT IN (SELECT account FROM accounts WHERE enrolled = '2026-11-03')
WINDOW w AS (PARTITION BY account ORDER BY n);
DELETE FROM levels WHERE amount <= former;

-- Shares of bonds. Every second business with two accounts apportions one bond
-- over them; one account in seven has two sureties.
CREATE TEMP TABLE shares AS
SELECT CASE WHEN shared THEN 'SB-' || number || '-1'
			ELSE 'SB-' || to_char(k, 'FM0000') || part.suffix || '-' || CASE WHEN replaced THEN nth ELSE 1 END END AS bond,
	number, account, k, part.amount, since, until, suffix, replaced AND nth > 1 AS replaces, shared
FROM (SELECT l.*, row_number() OVER w AS nth, min(amount) OVER w AS least, lead(since) OVER w AS until,
		pg_temp.die(k, 40) < 0.4 AND NOT shared AS replaced
	  FROM (SELECT l.*, accounts = 2 AND pg_temp.die(number::bigint, 43) < 0.5 AS shared
			FROM levels AS l
			JOIN (SELECT number, count(DISTINCT account) AS accounts FROM levels WHERE kind < 0.74 GROUP BY number) AS c USING (number)) AS l
	  WHERE kind < 0.74
	  WINDOW w AS (PARTITION BY account ORDER BY n)) AS l,
	LATERAL (SELECT k % 7 = 6 AND least >= 9000 AND NOT shared AS two) AS two,
	LATERAL (SELECT ceil(amount * 0.6 / 1000) * 1000 AS most) AS most,
	LATERAL (VALUES (CASE WHEN two THEN 'A' ELSE '' END, CASE WHEN two THEN most ELSE amount END),
		(CASE WHEN two THEN 'B' END, amount - most)) AS part (suffix, amount)
WHERE suffix IS NOT NULL;

-- A shared bond leaves something over for another account.
INSERT INTO bonds (bond, number, surety, amount, since, notice, ends, replaces)
SELECT bond, number,
	('{Northern Surety,Laurentian Guarantee,Great Lakes Bonding,Pacific Surety}'::text[])[1 + (min(k) + CASE min(suffix) WHEN 'B' THEN 1 ELSE 0 END) % 4],
	sum(amount) FILTER (WHERE since = first) + CASE WHEN bool_or(shared) THEN 10000 ELSE 0 END,
	first, ends - 30, ends, CASE WHEN bool_or(replaces) THEN left(bond, -1) || right(bond, 1)::integer - 1 END
FROM (SELECT *, min(since) OVER (PARTITION BY bond) AS first,
		-- ended where another takes its place; one in sixty-seven is under notice now
		CASE WHEN (SELECT bool_or(s.replaces) FROM shares AS s WHERE s.account = shares.account AND s.since = shares.until) THEN until - 1
			 WHEN until IS NULL AND k % 67 = 9 THEN date '2026-12-10' END AS ends
	  FROM shares) AS s
GROUP BY bond, number, first, ends
ORDER BY bond COLLATE "C";

INSERT INTO bond_riders (bond, effective, change)
SELECT bond, s.since, sum(s.amount - coalesce(s.former, 0))
FROM (SELECT *, lag(amount) OVER (PARTITION BY bond, account ORDER BY since) AS former FROM shares) AS s
JOIN bonds AS b USING (bond)
WHERE s.since > b.since
GROUP BY bond, s.since
HAVING sum(s.amount - coalesce(s.former, 0)) <> 0;

INSERT INTO bond_shares (bond, account, amount, term)
SELECT bond, account, amount, daterange(since, until) FROM shares;

-- Deposits; some beside a bond.
INSERT INTO deposits (receipt, account, amount, term)
SELECT 'CD-' || to_char(k, 'FM0000') || '-' || row_number() OVER (PARTITION BY account ORDER BY n), account,
	ceil((amount - coalesce(former, 0)) * CASE WHEN kind < 0.74 THEN 0.5 ELSE 2 END / 500) * 500, daterange(since, NULL)
FROM levels
WHERE kind BETWEEN 0.66 AND 0.95 AND (kind >= 0.74 OR n = 1);

-- Reductions that were granted: to accounts that had shrunk.
INSERT INTO reductions (account, granted, peak)
SELECT account, date '2026-06-22', last
FROM asked JOIN behaviours USING (k, account)
WHERE k % 39 = 4 AND shrinks IS NOT NULL AND last > 0 AND last < second;

-- What the CBSA notified after its reviews, to accounts whose requirement rose.
-- Some notices ask for something else than we compute.
INSERT INTO notices (account, review_closed, form, amount, received)
SELECT account, closed, CASE WHEN kind < 0.74 THEN 'surety_bond' ELSE 'cash_deposit' END::security_form,
	CASE WHEN k % 29 = 3 OR kind >= 0.74 THEN peak
		 WHEN k % 37 = 11 THEN greatest(5000, round(peak / 2, 2)) + 312.40
		 ELSE least(10000000, greatest(5000, round(peak / 2, 2))) END,
	closed + 9 + k::integer % 4
FROM asked, LATERAL (VALUES (date '2025-10-19', first, second), ('2026-10-19', second, third)) AS v (closed, former, peak)
WHERE peak > former AND enrolled <= closed AND projected_monthly IS NULL AND account NOT IN (SELECT account FROM reductions);

-- Payments ahead of the statement of 25 November.
INSERT INTO interim_payments (receipt, account, release_date, amount, paid)
SELECT 'IP-' || to_char(k, 'FM0000'), account, '2026-11-10', round(sum(total) * 0.4, 2), '2026-11-16'
FROM asked JOIN declarations USING (account)
WHERE k % 21 = 2 AND is_last AND release_date BETWEEN '2026-10-18' AND '2026-11-10'
GROUP BY k, account
HAVING sum(total) > 0;

-- Delegations: mostly of the whole business; of one account where another
-- broker has the other; some withdrawn, a few never given.
INSERT INTO delegations (number, account, term)
SELECT CASE WHEN NOT one_account THEN number END, CASE WHEN one_account THEN account END,
	daterange(greatest(opened, '2024-10-21'), CASE WHEN n % 37 = 5 AND opened < '2026-01-01' THEN date '2026-09-30' END)
FROM (SELECT number, account, opened, row_number() OVER (ORDER BY account::text) AS n,
		count(*) OVER (PARTITION BY number) > 1 AND pg_temp.die(row_number() OVER (ORDER BY account::text), 41) < 0.5 AS one_account,
		row_number() OVER (PARTITION BY number ORDER BY account::text) AS nth
	  FROM accounts) AS a
WHERE nth = 1 AND n % 61 <> 11;

COMMIT;

ANALYZE importers, accounts, declarations, bonds, bond_riders, bond_shares, deposits, reductions, notices, interim_payments, delegations;
