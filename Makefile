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

# Messages in other languages: left out where the server or msgfmt isn't made
# for them. The catalogue's name is that of PG_TEXTDOMAIN in src/messages.c.
po_files = $(sort $(wildcard src/po/*.po))
languages = $(patsubst src/po/%.po,%,$(po_files))
catalogue = '$(DESTDIR)$(localedir)/$(1)/LC_MESSAGES/carm-$(MAJORVERSION).mo'
ifeq ($(enable_nls),yes)
mo_files = $(if $(shell command -v msgfmt),$(po_files:.po=.mo))
endif

.PHONY: install-po uninstall-po clean-po update-po
all: $(mo_files)
install: install-po
uninstall: uninstall-po
clean: clean-po
%.mo: %.po
	msgfmt --check -o $@ $<
install-po: $(mo_files)
	$(foreach mo,$(mo_files),install -D -m 644 $(mo) $(call catalogue,$(basename $(notdir $(mo))));)
uninstall-po:
	rm -f $(foreach language,$(languages),$(call catalogue,$(language)))
clean-po:
	rm -f $(po_files:.po=.mo)

# The template, from the source, and what is new in it into the translations.
PO ?= src/po
update-po:
	cd src && xgettext --from-code=UTF-8 --no-wrap --add-location=file -ctranslator \
		-kerrmsg -kerrmsg_plural:1,2 -kerrdetail -kerrdetail_plural:1,2 -kerrhint -kerrhint_plural:1,2 \
		-kerrcontext -kgettext_noop -ktranslated --flag=translated:1:pass-c-format \
		--flag=errmsg:1:c-format --flag=errdetail:1:c-format --flag=errhint:1:c-format \
		--package-name=carm --msgid-bugs-address=none -o - *.[ch] | \
		sed '/^"POT-Creation-Date/d; /^#\( \|$$\)/d; /^#, fuzzy$$/d; /^"Report-Msgid/d; s/^"\(Project-Id-Version: \).*/"\1carm\\n"/' >'$(abspath $(PO))/carm.pot'
	for language in $(languages); do \
		msgmerge -q -N --no-wrap --backup=none -U '$(PO)'/$$language.po '$(PO)'/carm.pot || exit; \
	done

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
