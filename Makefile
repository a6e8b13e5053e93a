# carm: PostgreSQL for Canadian customs security
#
# make && make install && make installcheck

EXTENSION = carm
MODULE_big = carm
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/core/*.c src/*.c)))
DATA = $(wildcard sql/carm--*.sql)
PGFILEDESC = "carm - business numbers, duty histories and required security"

REGRESS = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=carm
ISOLATION = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
# the default of 15, output_iso, is where it would look for expected/
ISOLATION_OPTS = --inputdir=test --outputdir=. --load-extension=carm

PG_CFLAGS = -fvisibility=hidden

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# Headers are few and small: any change rebuilds all.
$(OBJS) $(OBJS:.o=.bc): $(wildcard src/core/*.h src/*.h)

# Tests that start servers of their own; they need prove and Perl's IPC::Run,
# which is why installcheck leaves them alone.
PROVE ?= prove
TAP_FILES ?= $(sort $(wildcard test/t/*.pl))
pgxs_top = $(dir $(PGXS))/../..

.PHONY: tap demo check-all bench
tap:
	rm -rf tmp_check
	mkdir -p tmp_check/log
	PATH="$(shell $(PG_CONFIG) --bindir):$$PATH" PGPORT=65432 \
		TESTDIR='$(CURDIR)' TESTDATADIR='$(CURDIR)/tmp_check' \
		TESTLOGDIR='$(CURDIR)/tmp_check/log' \
		PG_TEST_PORT_DIR='$(CURDIR)/tmp_check/portlock' \
		top_builddir='$(pgxs_top)' \
		PG_REGRESS='$(pgxs_top)/src/test/regress/pg_regress' \
		$(PROVE) -I '$(pgxs_top)/src/test/perl' $(PROVE_FLAGS) $(TAP_FILES)

# The same without a server at hand: see the heads of these scripts.
demo:
	test/demo/run
check-all:
	test/run
bench:
	test/bench/run
