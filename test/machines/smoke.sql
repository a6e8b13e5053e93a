-- What an installed package must do, run by an ordinary owner of a database.
\set ON_ERROR_STOP on
CREATE EXTENSION carm;
CREATE TABLE entries (account program_account NOT NULL, release date, duties numeric);
INSERT INTO entries VALUES
	('123456782 rm 0001', '2025-02-01', 1250), ('123456782RM0001', '2025-02-18', 750.25), ('123456782RM0002', '2025-03-01', 40000);
DO $$
BEGIN
	ASSERT (SELECT peak_monthly_duty(release, duties) = 2000.25 FROM entries WHERE account = '123456782RM0001'::text);
	ASSERT (SELECT array_agg(bond ORDER BY account) = '{5000.00,20000.00}'
		FROM (SELECT account, required_bond(release, duties) AS bond FROM entries GROUP BY account) a);
	ASSERT (SELECT duty_history(release, duties)::text FROM entries WHERE account <@ bn9 '123456782' AND release < '2025-03-01')
		= '{2025-02-01:1250.00,2025-02-18:750.25}';
	BEGIN
		PERFORM bn9 '123456789';
		RAISE 'a bad number was taken';
	EXCEPTION WHEN invalid_text_representation THEN
		NULL;
	END;
END $$;
DROP EXTENSION carm CASCADE;
\echo smoke: done
