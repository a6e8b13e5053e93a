# carm: PostgreSQL for Canadian customs security
#
# make && make install && make installcheck

EXTENSION = carm
MODULE_big = carm
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c)))
DATA = $(wildcard sql/carm--*.sql)
PGFILEDESC = "carm - business numbers, duty histories and required security"

REGRESS = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=carm
ISOLATION = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --load-extension=carm

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# Headers are few and small: any change rebuilds all.
$(OBJS) $(OBJS:.o=.bc): $(wildcard src/*.h)
