
# A streaming replica answers as the primary does, also after it is promoted,
# and so does a server restored from a base backup and archived log.

use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use Brokerage;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1, has_archiving => 1);
# Pages rebuilt from the log are compared with what the primary wrote.
$primary->append_conf('postgresql.conf', "wal_consistency_checking = all\nautovacuum = off\n");
$primary->start;
fill($primary, 'postgres', 6000);
$primary->safe_psql('postgres', 'CREATE EXTENSION amcheck');

$primary->backup('base');
my $replica = PostgreSQL::Test::Cluster->new('replica');
$replica->init_from_backup($primary, 'base', has_streaming => 1);
$replica->start;

$primary->safe_psql('postgres', q{
	UPDATE entries SET duties = duties - 3 WHERE id % 4 = 0;
	DELETE FROM entries WHERE id % 13 = 0;
	INSERT INTO histories SELECT program_account(number, 'RT', 9), duty_history('2024-05-05', n) FROM businesses GROUP BY number, n;
	TRUNCATE parts_1;
	VACUUM;
});
$primary->wait_for_catchup($replica, 'replay', $primary->lsn('insert'));
my $answers = answers($primary, 'postgres');
is(wrong_answers($primary, 'postgres'), 0, 'the primary equals plain SQL');
is(answers($replica, 'postgres'), $answers, 'the replica answers as the primary does');
is(wrong_answers($replica, 'postgres'), 0, 'the replica equals plain SQL');
indexes_are_sound($replica, 'postgres', 'amcheck finds nothing on the replica');

# Restored from the backup and the archive, without a primary.
# The segment is named before it is waited for: the background writer may begin another.
my $last = $primary->safe_psql('postgres', 'SELECT pg_walfile_name(pg_switch_wal())');
$primary->poll_query_until('postgres', "SELECT last_archived_wal >= '$last' FROM pg_stat_archiver")
  or die 'the log was not archived';
my $restored = PostgreSQL::Test::Cluster->new('restored');
$restored->init_from_backup($primary, 'base', has_restoring => 1, standby => 0);
$restored->start;
$restored->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'recovery did not end';
is(answers($restored, 'postgres'), $answers, 'a server restored from base backup and archive answers as the primary does');
indexes_are_sound($restored, 'postgres', 'amcheck finds nothing on it');
$restored->stop;

$primary->stop;
$replica->promote;
is(answers($replica, 'postgres'), $answers, 'the promoted replica still does');
$replica->safe_psql('postgres', q{
	UPDATE entries SET duties = duties + 7 WHERE id % 2 = 0;
	INSERT INTO entries SELECT id + 200000, account, number, owner, release, duties FROM entries WHERE id < 500;
});
is(wrong_answers($replica, 'postgres'), 0, 'and it can be written to');
indexes_are_sound($replica, 'postgres', 'amcheck finds nothing after that');
$replica->stop;

done_testing();
