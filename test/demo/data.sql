-- A sample broker: 240 importers, three years of declarations up to 2025-11-14.
--
-- Everything is synthetic and the same on every run and every server: the
-- dice are a hash of what they are thrown for, and the arithmetic knows no
-- logarithms. The numbers begin with 0, as neither today's business numbers
-- nor social insurance numbers do, and pass the check digit.

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
	CASE WHEN i > 238 THEN date '2025-11-03'
		 WHEN i > 226 THEN date '2025-04-14' + (i - 226) * 9
		 ELSE date '2019-01-07' + (pg_temp.die(i, 1) * 1200)::integer END
FROM (SELECT i, trade,
		pg_temp.with_check_digit(lpad((1000000 + i::bigint * 7368787 % 8999993)::text, 8, '0')) AS number,
		first_words[1 + (i * 7 + i / 40) % 40] || ' ' || nouns[1 + i / 12 % 4] || ' ' || forms[1 + floor(pg_temp.die(i, 0) * 4)::integer] AS registered
	  FROM generate_series(1, 240) AS i
	  JOIN trades ON id = i % 12,
		   (VALUES ('{Ltd.,Inc.,Ltée,Corporation}'::text[],
					'{Maple Harbour,Blue Heron,Northgate,Saguenay,Prairie Rose,Lac Clair,Red River,Granite Bay,Rivière Bleue,Cedar Point,Polar Star,Beau Soleil,Kootenay,Fundy,Aurora,Silver Birch,Métis Crossing,Elk Valley,Gaspé,Three Rivers,Tamarack,Whitecap,Côte Nord,Iron Bridge,Sable,Loon Lake,Belle Île,Chinook,Kingfisher,Ottawa Valley,Juniper,Old Mill,Québec Sud,Lighthouse,Wild Goose,Stone Arch,Bonaventure,Okanagan,Harvest Moon,Clearwater}'::text[])
		   ) AS words (forms, first_words)) AS made;

-- Accounts: every eighth importer has two. The last ones are new, and their
-- security rests on what they expect to import.
INSERT INTO accounts (account, opened, projected_monthly)
SELECT (number::text || 'RM' || to_char(reference, 'FM0000'))::program_account,
	client_since + (reference - 1) * 200,
	CASE WHEN client_since > '2025-04-01' THEN round((9000 + 60000 * pg_temp.die(i, 2))::numeric, -3) END
FROM (SELECT row_number() OVER (ORDER BY client_since, number::text) AS i, number, client_since FROM importers) AS i,
	generate_series(1, CASE WHEN i % 8 = 0 AND client_since < '2025-04-01' THEN 2 ELSE 1 END) AS reference;

-- How each account behaves: its size (a few are very large), its growth, when
-- it stopped.
CREATE TEMP TABLE behaviours AS
SELECT k, account, opened, t.*,
	CASE WHEN k = 152 THEN 90000000 ELSE 14000 / ((0.07 + u) * (0.07 + u)) END AS monthly_value,
	-0.08 + 0.30 * pg_temp.die(k, 4) AS growth,
	1 + (6.5 * pg_temp.die(k, 5) + 3 * (1 - u))::integer AS entries,
	CASE WHEN k % 45 = 7 THEN date '2024-06-01' + k::integer ELSE date '2025-11-14' END AS until
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
		generate_series(0, 36) AS m,
		LATERAL (SELECT (date '2022-11-01' + make_interval(months => m))::date AS month) AS month,
		LATERAL (SELECT season[extract(month FROM month)::integer]::double precision AS weight) AS weight,
		generate_series(1, (entries * (0.5 + 0.5 * weight) * (0.6 + 0.8 * pg_temp.die(k * 100 + m, 6)))::integer) AS n,
		LATERAL (SELECT (k * 100 + m) * 100 + n AS key) AS key,
		LATERAL (SELECT month + (pg_temp.die(key, 7) * (extract(day FROM month + interval '1 month - 1 day') - 1))::integer AS release_date,
					round((monthly_value / entries * weight * (1 + growth * m / 12) * (0.3 + 1.4 * pg_temp.die(key, 8))
						   * CASE WHEN pg_temp.die(key, 9) < 0.03 THEN -0.3 - 3.5 * pg_temp.die(key, 10) ELSE 1 END)::numeric, 2) AS value) AS entry
	  WHERE release_date BETWEEN opened AND until) AS entry;

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
WHERE accounting_date + 60 <= '2025-11-14'
ORDER BY transaction_number, next;

-- Securities: what the months up to the autumn of 2024 asked for, more or
-- less, or what a new importer expects to owe.
CREATE TEMP TABLE asked AS
SELECT k, account, opened, coalesce(peak, projected_monthly, 12000) AS peak,
	greatest(opened, date '2024-10-21' + (200 * pg_temp.die(k, 31))::integer) AS since,
	pg_temp.die(k, 32) AS kind,
	(1 + 0.35 * pg_temp.die(k, 33))::numeric AS factor
FROM behaviours
JOIN accounts USING (account, opened)
LEFT JOIN (SELECT account, max(total) AS peak
		   FROM (SELECT account, date_trunc('month', release_date) AS month, sum(total) AS total
				 FROM declarations
				 WHERE is_last AND release_date >= '2023-11-01' AND release_date < '2024-11-01'
				 GROUP BY account, month) AS months
		   GROUP BY account
		   HAVING max(total) > 0) AS peaks USING (account)
WHERE opened < '2025-11-01';

INSERT INTO securities (reference, account, form, amount, term)
SELECT 'SB-' || to_char(k, 'FM0000') || '-1', account, 'surety_bond'::security_form,
	-- most have grown with the importer since; a rider replaces the first bond
	CASE WHEN kind < 0.15 THEN ceil(bond * 0.7 / 1000) * 1000 ELSE bond END,
	daterange(since, CASE WHEN kind < 0.15 THEN since + 150 END)
FROM asked, LATERAL (SELECT least(10000000, ceil(greatest(5000, peak * 0.5 * factor) / 1000) * 1000) AS bond) AS bond
WHERE kind < 0.74
UNION ALL
SELECT 'SB-' || to_char(k, 'FM0000') || '-2', account, 'surety_bond'::security_form,
	least(10000000, ceil(greatest(5000, peak * 0.55 * factor) / 1000) * 1000), daterange(since + 150, NULL)
FROM asked
WHERE kind < 0.15 AND since + 150 < '2025-11-14'
UNION ALL
SELECT 'CD-' || to_char(k, 'FM0000'), account, 'cash_deposit',
	ceil(peak * factor * CASE WHEN kind < 0.74 THEN 0.25 ELSE 1 END / 500) * 500, daterange(since, NULL)
FROM asked
WHERE kind BETWEEN 0.66 AND 0.95;

-- Delegations: mostly of the whole business; of one account where another
-- broker has the other; some withdrawn, a few never given.
INSERT INTO delegations (number, account, term)
SELECT CASE WHEN NOT one_account THEN number END, CASE WHEN one_account THEN account END,
	daterange(greatest(opened, '2024-10-21'), CASE WHEN n % 37 = 5 THEN date '2025-09-30' END)
FROM (SELECT number, account, opened, row_number() OVER (ORDER BY account::text) AS n,
		count(*) OVER (PARTITION BY number) > 1 AND pg_temp.die(row_number() OVER (ORDER BY account::text), 41) < 0.5 AS one_account,
		row_number() OVER (PARTITION BY number ORDER BY account::text) AS nth
	  FROM accounts) AS a
WHERE nth = 1 AND n % 61 <> 11;

COMMIT;

ANALYZE importers, accounts, declarations, securities, delegations;
