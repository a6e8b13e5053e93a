-- Two files of the portal's transaction history, in English and in French, into
-- the staging table. What stands before the line of headers, and that line, is
-- left out; text over two lines is one field.

\copy portal_lines (transaction_date, transaction_type, transaction_number, amount, balance) FROM PROGRAM 'sed -E "0,/Transaction Date|Date de transaction/d" ../sql/vectors/portal_history_en.csv' WITH (FORMAT csv, ENCODING 'UTF8')
UPDATE portal_lines SET file = 'portal_history_en.csv', account = '123456782RM0001' WHERE file IS NULL;

\copy portal_lines (transaction_date, transaction_type, transaction_number, amount, balance) FROM PROGRAM 'sed -E "0,/Transaction Date|Date de transaction/d" ../sql/vectors/portal_history_fr.csv' WITH (FORMAT csv, DELIMITER ';', ENCODING 'UTF8')
UPDATE portal_lines SET file = 'portal_history_fr.csv', account = '123456782RM0001' WHERE file IS NULL;
