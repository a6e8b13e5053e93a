-- What is counted, row by row of counts: the row's name, the C function whose
-- calls are counted, and how many of what the name says there are in it all.

-- bn9: input	bn9_in	20000
COPY numbers FROM :'numbers';

-- program_account: input	program_account_in	20000
COPY accounts FROM :'accounts';

-- program_account: input as people write	program_account_in	20000
COPY accounts FROM :'written';

-- bn9: comparison	bn9_lt	20000
SELECT count(*) FROM entries WHERE number < '111111118';

-- program_account: comparison	program_account_lt	20000
SELECT count(*) FROM entries WHERE account < '111111118RM0001';

-- program_account: comparison with text	program_account_text_eq	20000
SELECT count(*) FROM entries WHERE account = text '111111118 RM 0001';

-- program_account: hash	number_hash_value	20000
SELECT count(*) FROM (SELECT account FROM entries GROUP BY account) g;

-- peak_monthly_duty(date, numeric, date): a row	window_duty_transfn	20000
SELECT account, peak_monthly_duty(dated, amount, '2025-11-14') FROM entries GROUP BY account;

-- peak_monthly_duty(date, numeric): a row	monthly_duty_transfn	20000
SELECT account, peak_monthly_duty(dated, amount) FROM entries GROUP BY account;

-- duty_history(date, numeric): a row	duty_history_transfn	20000
SELECT account, duty_history(dated, amount) FROM entries GROUP BY account;

-- duty_history(date, numeric): a history of three years	duty_history_finalfn	60
SELECT account, duty_history(dated, amount) FROM entries GROUP BY account;

-- rollup: two histories of one entry to one of three years	duty_history_combinefn	180
SELECT account, rollup(history) FROM (SELECT DISTINCT ON (account) account, history FROM histories UNION ALL SELECT account, duty_history(dated, amount) FROM (SELECT *, row_number() OVER (PARTITION BY account) AS n FROM entries) e WHERE n <= 2 GROUP BY account, n) h GROUP BY account;

-- rollup: a history of three years	duty_history_combinefn	1200
SELECT account, rollup(history) FROM histories GROUP BY account;

-- peak_monthly_duty of a history of three years	history_peak_monthly_duty	1200
SELECT count(peak_monthly_duty(history, '2025-11-14')) FROM histories;

-- required_security of a peak	required_security	20000
SELECT count(required_security(abs(amount), 'surety_bond')) FROM entries;

-- required_security of a history of three years	history_required_security	1200
SELECT count(required_security(history, 'surety_bond', '2025-11-14')) FROM histories;

-- security_position of a history of three years	security_position	1200
SELECT count(p.status) FROM histories, security_position(history, bond, NULL, '2025-11-14') p;

-- security_timeline of a history of three years	security_timeline	1200
SELECT count(t.peak) FROM histories, security_timeline(history) t;

-- live history: a row of 20,000 of one account	count_duties	20000
INSERT INTO tracked SELECT '123456782RM0001', dated, amount FROM entries;

-- live history: a row of 20,000 of 60 accounts	count_duties	20000
INSERT INTO tracked SELECT account, dated, amount FROM entries;

