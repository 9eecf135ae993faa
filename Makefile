# SPDX-License-Identifier: MIT
#
# Ketang: one Makefile for everything; `make help` names the targets.
#
# A new module, program or test needs no line here.  Where a file lies, and
# what it is called, says what becomes of it:
#
#   playout/X.c                   build/libplayout.a
#   scheduler/X.c, scheduler/*/X.c  build/libscheduler.a
#   tools/ingest/X.c              build/libingest.a     (may use libav*, libass, librsvg, Pango)
#   tools/demo_X.c                build/libdemo.a       (may use libav*)
#   tools/meter/X.c               build/libmeter.a      (includes nothing of ours)
#   tools/X.c                     build/libtools.a
#   */ketang_X_main.c             the program build/ketang-X
#   tests/support/X.c             build/libtestsupport.a
#   tests/support/X_main.c        the helper program build/tests/X
#   tests/unit/test_X.c           a cmocka program, run by `make test`
#   tests/e2e/test_X.{c,sh}       end to end, run by `make test`
#   tests/fuzz/fuzz_X.c           a fuzzer; its corpus/X/ is run by `make test`
#   tests/long/test_X.{c,sh}      run by `make test-long`
#   tests/bench/bench_X.c         a program that tests/bench/bench.sh runs
#   tools/ketang-X                a script that is installed as it is
#   tools/systemd/X.{service,timer,slice}, man/X.N, man/LANGUAGE/X.N   installed
#
# Tests called test_ingest_* and test_demo_*, and bench_mux, may use libav* too.

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.DEFAULT_GOAL := all

# --- What may be set on the command line ------------------------------------

ifeq ($(origin CC),default)
CC := gcc
endif
SAN ?=
FUZZ ?=
FUZZ_SECONDS ?= 60
WERROR ?=
V ?=
prefix ?= /usr/local
DESTDIR ?=
CFLAGS ?= -O2 -g
CPPFLAGS ?=
LDFLAGS ?=
TEST_JOBS ?= 2

comma := ,
cc_name := $(notdir $(firstword $(CC)))
BUILD ?= build$(if $(filter-out gcc cc,$(cc_name)),-$(cc_name))$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(FUZZ),-fuzz)$(if $(WERROR),-werror)

bindir := $(prefix)/bin
datadir := $(prefix)/share
localedir := $(datadir)/locale
mandir := $(datadir)/man
completiondir := $(datadir)/bash-completion/completions
unitdir := $(prefix)/lib/systemd/system
sysusersdir := $(prefix)/lib/sysusers.d
tmpfilesdir := $(prefix)/lib/tmpfiles.d

# --- Packages ---------------------------------------------------------------
#
# $(BUILD)/packages.mk holds what pkg-config says, per group, so that the
# engine links no libav.  It is made by a rule below, which installs missing
# packages first; make then starts over with it.

PACKAGES_playout := libconfig yaml-0.1 jansson nettle
PACKAGES_scheduler := sqlite3 libpq libzip libxml-2.0 xlsxwriter icu-uc
PACKAGES_daemon := libsystemd
PACKAGES_av := libavformat libavcodec libavfilter libswscale libswresample libavutil libseccomp libass fontconfig
PACKAGES_cards := librsvg-2.0 pangocairo
PACKAGES_screen := ncursesw
PACKAGES_test := cmocka libdvbpsi
package_groups := playout scheduler daemon av cards screen test

goals_without_packages := deps deps-ci help clean format check-format uninstall deb
needs_packages := $(filter-out $(goals_without_packages),$(or $(MAKECMDGOALS),all))

ifneq ($(needs_packages),)
missing_packages := $(shell tools/deps --missing tools/packages)
include $(BUILD)/packages.mk
endif

# --- Flags ------------------------------------------------------------------

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
    -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wcast-qual -Wformat=2 -Wundef \
    -Wvla -Wfloat-conversion $(if $(findstring clang,$(CC)),,-Wno-format-truncation) $(if $(WERROR),-Werror)
hardening := -fPIE -fstack-protector-strong -fstack-clash-protection \
    $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
sanitizers := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer) \
    $(if $(FUZZ),-fsanitize=fuzzer-no-link)

all_cflags = -std=c17 -D_GNU_SOURCE -I. $(hardening) $(sanitizers) $(warnings) \
    $(package_cflags) -pthread $(CPPFLAGS) $(CFLAGS)
all_ldflags = -pie -Wl,-z,relro,-z,now,--as-needed $(sanitizers) -pthread $(CFLAGS) $(LDFLAGS)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-8s %s\n'
MAKEFLAGS += --no-print-directory
endif

# --- What there is ----------------------------------------------------------

object = $(1:%.c=$(BUILD)/obj/%.o)
mains := $(wildcard playout/*_main.c scheduler/*_main.c tools/*_main.c)

# Linked into the programs only: it changes with every commit.
version_object := $(BUILD)/obj/playout/version.o

playout_sources := $(filter-out $(mains) playout/version.c,$(wildcard playout/*.c))
scheduler_sources := $(filter-out $(mains),$(wildcard scheduler/*.c scheduler/*/*.c))
ingest_sources := $(filter-out $(mains),$(wildcard tools/ingest/*.c))
demo_sources := $(filter-out $(mains),$(wildcard tools/demo_*.c tools/demo.c))
tools_sources := $(filter-out $(mains) $(ingest_sources) $(demo_sources),$(wildcard tools/*.c))
testsupport_mains := $(wildcard tests/support/*_main.c)
testsupport_sources := $(filter-out $(testsupport_mains),$(wildcard tests/support/*.c))

meter_sources := $(wildcard tools/meter/*.c)

libraries := playout scheduler meter ingest demo tools testsupport
lib = $(1:%=$(BUILD)/lib%.a)

programs := $(foreach main,$(mains),$(BUILD)/$(subst _,-,$(patsubst %_main.c,%,$(notdir $(main)))))
unit_tests := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
e2e_programs := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/e2e/test_*.c))
long_programs := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/long/test_*.c))
bench_programs := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/bench_*.c))
fuzz_programs := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
helper_programs := $(foreach main,$(testsupport_mains),$(BUILD)/tests/$(subst _,-,$(patsubst %_main.c,%,$(notdir $(main)))))
test_mains := $(unit_tests) $(e2e_programs) $(long_programs) $(bench_programs)

scripts := $(patsubst tools/%,$(BUILD)/%,$(wildcard tools/ketang-*))

catalogues := $(patsubst po/%.po,$(BUILD)/locale/%/LC_MESSAGES/ketang.mo,$(wildcard po/*.po))
all_sources := $(wildcard playout/*.c scheduler/*.c scheduler/*/*.c tools/*.c tools/*/*.c tests/*/*.c)
all_headers := $(wildcard playout/*.h scheduler/*.h scheduler/*/*.h tools/*.h tools/*/*.h tests/*/*.h)
# Everything a person may be told by a program.
message_sources := $(sort $(wildcard playout/*.[ch] scheduler/*.[ch] scheduler/*/*.[ch] tools/*.[ch] tools/ingest/*.[ch]))
message_scripts := tools/run.sh tools/demo.sh

# --- Targets ----------------------------------------------------------------

.PHONY: all
all: $(programs) $(scripts) $(catalogues) ## build the programs (default)

.PHONY: tests
tests: all $(test_mains) $(fuzz_programs) $(helper_programs) ## build the programs and all tests

# These listen to what is on the air: one after the other.
e2e_on_air := $(patsubst %,tests/e2e/test_%.sh,boundaries engine engine_harm monitor multiplex orders outputs scheduler station)
e2e_off_air := $(filter-out $(e2e_on_air),$(wildcard tests/e2e/test_*.sh))

runner := KETANG_BUILD=$(abspath $(BUILD)) tests/run

.PHONY: test
test: tests ## build everything and run the tests: a quarter of an hour on two cores
	@$(runner) -t 900 -j $(TEST_JOBS) $(unit_tests) $(fuzz_programs) $(e2e_off_air) -j 1 $(e2e_programs) $(e2e_on_air)

.PHONY: test-unit
test-unit: $(unit_tests) $(fuzz_programs) $(catalogues) ## run the unit tests and the fuzzers' corpora alone
	@$(runner) -t 900 -j $(TEST_JOBS) $(unit_tests) $(fuzz_programs)

.PHONY: test-e2e
test-e2e: tests ## run the end-to-end tests alone
	@$(runner) -t 900 -j $(TEST_JOBS) $(e2e_off_air) -j 1 $(e2e_programs) $(e2e_on_air)

.PHONY: test-long
test-long: tests ## run the tests that take longer: some hours
	@$(runner) -t 3600 -j 1 $(long_programs) $(wildcard tests/long/test_*.sh)

.PHONY: fuzz
ifeq ($(FUZZ),)
fuzz: ## run every fuzzer for FUZZ_SECONDS (needs clang)
	@$(MAKE) CC=clang SAN=address,undefined FUZZ=1 fuzz
else
fuzz: $(fuzz_programs)
	@set -e; for fuzzer in $(fuzz_programs); do \
	    name=$${fuzzer##*/fuzz_}; mkdir -p $(BUILD)/corpus/$$name; echo "== $$fuzzer"; \
	    $$fuzzer -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -verbosity=0 \
	        -artifact_prefix=$(BUILD)/ $(BUILD)/corpus/$$name tests/fuzz/corpus/$$name; done
endif

.PHONY: bench
bench: tests ## measure ours and others side by side: about an hour (BENCH_RUNS=1 BENCH_SECONDS=3 to try)
	@tools/deps tools/packages-bench
	@KETANG_BUILD=$(abspath $(BUILD)) tests/bench/bench.sh

.PHONY: run
run: all ## put five channels on the air, until Ctrl-C
	@exec env KETANG_BUILD=$(abspath $(BUILD)) tools/run.sh

.PHONY: demo
demo: all ## make the demonstration lessons and plans, without airing them
	@KETANG_BUILD=$(abspath $(BUILD)) tools/demo.sh

.PHONY: deps
deps: ## install the Debian packages that are missing
	@tools/deps tools/packages

.PHONY: deps-ci
deps-ci: ## the same, with what .ci/run needs
	@tools/deps tools/packages tools/packages-ci

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BUILD)

.PHONY: format
format: ## put all sources into form with clang-format
	clang-format -i $(all_sources) $(all_headers)

.PHONY: check-format
check-format: ## complain about sources that are not in form
	clang-format --dry-run -Werror $(all_sources) $(all_headers)

.PHONY: check-headers
check-headers: $(all_headers:%=$(BUILD)/obj/%.alone) ## compile every header by itself

.PHONY: po-update
po-update: $(BUILD)/ketang.pot ## bring the catalogues in po/ up to date
	$(Q)for po in po/*.po; do \
	    msgmerge -q --update --backup=none --no-fuzzy-matching --no-location $$po $<; \
	    echo "$$po: $$(msgfmt --statistics -o /dev/null $$po 2>&1)"; done

.PHONY: help
help: ## this list
	@echo "make TARGET [V=1] [CC=clang] [SAN=address,undefined] [WERROR=1] [prefix=/usr] [DESTDIR=/tmp/x]"
	@echo "  run, demo: STATION=FILE, another station; LESSONS=/folder, films of your own"
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
	    while IFS='	' read -r target text; do printf '  %-14s %s\n' "$$target" "$$text"; done

# --- Installing -------------------------------------------------------------

unit_files := $(wildcard tools/systemd/*.service tools/systemd/*.timer tools/systemd/*.slice)
man_pages := $(wildcard man/*.[158] man/*/*.[158])
# man/ketang.1 goes to man1/ketang.1, man/zh_CN/ketang.1 to zh_CN/man1/ketang.1.
man_place = $(patsubst ./%,%,$(patsubst man/%,%,$(dir $(1)))man$(patsubst .%,%,$(suffix $(1)))/$(notdir $(1)))

# Told of in ketang(1).
man_links := man1/ketang-ingest.1 man1/ketang-demo.1

.PHONY: install
install: all ## install under $(DESTDIR)$(prefix)
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(unitdir) $(DESTDIR)$(sysusersdir) \
	    $(DESTDIR)$(tmpfilesdir) $(DESTDIR)$(completiondir) $(DESTDIR)$(datadir)/ketang/schedules $(DESTDIR)$(datadir)/ketang/cards
	install -m 755 $(programs) $(scripts) $(DESTDIR)$(bindir)
	$(Q)set -e; for unit in $(notdir $(unit_files)); do \
	    sed 's|@bindir@|$(bindir)|g' tools/systemd/$$unit >$(DESTDIR)$(unitdir)/$$unit; \
	    chmod 644 $(DESTDIR)$(unitdir)/$$unit; done
	install -m 644 tools/systemd/ketang.sysusers $(DESTDIR)$(sysusersdir)/ketang.conf
	install -m 644 tools/systemd/ketang.tmpfiles $(DESTDIR)$(tmpfilesdir)/ketang.conf
	install -m 644 tools/ketang.bash-completion $(DESTDIR)$(completiondir)/ketang
	$(Q)$(foreach page,$(man_pages),install -D -m 644 $(page) $(DESTDIR)$(mandir)/$(call man_place,$(page)) &&) :
	$(Q)$(foreach link,$(man_links),ln -sf ketang.1 $(DESTDIR)$(mandir)/$(link) &&) :
	$(Q)set -e; for mo in $(catalogues:$(BUILD)/locale/%=%); do \
	    install -D -m 644 $(BUILD)/locale/$$mo $(DESTDIR)$(localedir)/$$mo; done
	install -m 644 templates/cards/* $(DESTDIR)$(datadir)/ketang/cards
	$(if $(wildcard schedules/*),cp -R schedules/. $(DESTDIR)$(datadir)/ketang/schedules)
	$(Q)sed -i -e 's|"var/media"|"/var/lib/ketang/media"|' -e 's|"var/state"|"/var/lib/ketang/state"|' \
	    -e 's|timetables = "schedules"|timetables = "/var/lib/ketang/timetables"|' \
	    $(DESTDIR)$(datadir)/ketang/schedules/station.cfg
	$(Q)sed -i -e 's|"schedules/samples"|"$(datadir)/ketang/schedules/samples"|' \
	    -e 's|schedules/samples/station.cfg|$(datadir)/ketang/schedules/samples/station.cfg|' \
	    $(DESTDIR)$(datadir)/ketang/schedules/samples/station.cfg

.PHONY: uninstall
uninstall: ## remove what install put there; leaves /etc and the station's data alone
	rm -f $(patsubst $(BUILD)/%,$(DESTDIR)$(bindir)/%,$(programs) $(scripts))
	rm -f $(patsubst tools/systemd/%,$(DESTDIR)$(unitdir)/%,$(unit_files))
	rm -f $(DESTDIR)$(sysusersdir)/ketang.conf $(DESTDIR)$(tmpfilesdir)/ketang.conf
	rm -f $(DESTDIR)$(completiondir)/ketang
	rm -f $(foreach page,$(man_pages),$(DESTDIR)$(mandir)/$(call man_place,$(page)))
	rm -f $(man_links:%=$(DESTDIR)$(mandir)/%)
	rm -f $(catalogues:$(BUILD)/locale/%=$(DESTDIR)$(localedir)/%)
	rm -rf $(DESTDIR)$(datadir)/ketang

# From the tree as it is, but for what git ignores: a copy, so that nothing of
# debhelper's lies about here.
.PHONY: deb
deb: ## build the Debian package into build/deb/
	@tools/deps tools/packages tools/packages-deb
	rm -rf build/deb
	@mkdir -p build/deb/ketang-$(release)
	@{ git ls-files -z --cached --others --exclude-standard 2>/dev/null || \
	    find . -path ./.git -prune -o -path './build*' -prune -o -path ./var -prune -o -type f -print0; } | \
	    tar -c --null --files-from - | tar -x -C build/deb/ketang-$(release)
	cd build/deb/ketang-$(release) && env -u MAKEFLAGS -u MAKELEVEL -u BUILD \
	    DEB_BUILD_OPTIONS="nocheck parallel=$$(nproc) $$DEB_BUILD_OPTIONS" dpkg-buildpackage -b -us -uc
	rm -rf build/deb/ketang-$(release)
	@ls build/deb/*.deb

# --- Rules ------------------------------------------------------------------

.PHONY: FORCE
FORCE:

$(BUILD)/packages.mk: Makefile tools/packages $(if $(missing_packages),FORCE)
	$(if $(missing_packages),@tools/deps tools/packages)
	@mkdir -p $(@D)
	@{ $(foreach group,$(package_groups), \
	    cflags=$$(pkg-config --cflags $(PACKAGES_$(group))) && \
	    libs=$$(pkg-config --libs $(PACKAGES_$(group))) && \
	    echo "package_cflags += $$(echo "$$cflags" | sed 's/-I/-isystem /g')" && \
	    echo "libs_$(group) := $$libs" && ) :; } >$@

# Written only when they change; what is compiled depends on them.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(all_cflags) $(all_ldflags)' | cmp -s - $@ || \
	    echo '$(CC) $(all_cflags) $(all_ldflags)' >$@

# The number is debian/changelog's, the commit behind it git's.
release := $(shell sed -n '1s/^[^(]*(\([^)]*\)).*/\1/p' debian/changelog)
commit := $(shell git describe --tags --always --dirty 2>/dev/null)
version := $(release)$(if $(commit), ($(commit)))
$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(version)' | cmp -s - $@ || echo '$(version)' >$@

$(version_object): $(BUILD)/version
$(version_object): private CPPFLAGS += -DKETANG_VERSION='"$(version)"'

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(all_cflags) -MMD -MP -c -o $@ $<

$(BUILD)/obj/%.h.alone: %.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) HEADER $<
	$(Q)echo '#include "$<"' | $(CC) $(all_cflags) -MMD -MP -MF $(@:.alone=.d) -MT $@ \
	    -x c -Wno-unused-macros -fsyntax-only -
	@touch $@

define library_rule
$(BUILD)/lib$(1).a: $(call object,$($(1)_sources)) $(BUILD)/$(1).members
	$$(say) AR $$@
	$$(Q)rm -f $$@ && ar rcs $$@ $(call object,$($(1)_sources))
$(BUILD)/$(1).members: FORCE
	@mkdir -p $$(@D)
	@echo '$($(1)_sources)' | cmp -s - $$@ || echo '$($(1)_sources)' >$$@
endef
$(foreach library,$(libraries),$(eval $(call library_rule,$(library))))

# Libraries in the order of the layers, from the top; a library sees only
# those to its right.
link = $(Q)$(CC) $(all_ldflags) -o $@ $(filter %.o,$^) $(filter %.a,$^)
below_tools := $(call lib,tools meter scheduler playout)
libs_all = $(libs_av) $(libs_cards) $(libs_of_scheduler)

define program_rule
$(BUILD)/$(subst _,-,$(patsubst %_main.c,%,$(notdir $(1)))): $(call object,$(1)) $(version_object) $(2)
	@mkdir -p $$(@D)
	$$(say) LINK $$@
	$$(link) $(3)
endef
libs_of_playout = $(libs_daemon) $(libs_playout) -lm
libs_of_scheduler = $(libs_scheduler) $(libs_of_playout)
$(foreach main,$(filter playout/%,$(mains)),$(eval $(call program_rule,$(main), \
    $(call lib,playout),$$(libs_of_playout))))
$(foreach main,$(filter scheduler/%,$(mains)),$(eval $(call program_rule,$(main), \
    $(call lib,scheduler playout),$$(libs_of_scheduler))))
$(foreach main,$(filter-out tools/ketang_ingest_% tools/ketang_demo_%,$(filter tools/%,$(mains))), \
    $(eval $(call program_rule,$(main),$(below_tools),$$(libs_screen) $$(libs_of_scheduler))))
$(foreach main,$(filter tools/ketang_ingest_%,$(mains)),$(eval $(call program_rule,$(main), \
    $(call lib,ingest) $(below_tools),$$(libs_all))))
$(foreach main,$(filter tools/ketang_demo_%,$(mains)),$(eval $(call program_rule,$(main), \
    $(call lib,demo ingest) $(below_tools),$$(libs_all))))

av_tests := $(foreach test,$(test_mains),$(if $(filter test_ingest% test_demo% bench_mux,$(notdir $(test))),$(test)))
plain_tests := $(filter-out $(av_tests),$(test_mains))

$(plain_tests): $(BUILD)/%: $(BUILD)/obj/%.o $(call lib,testsupport) $(below_tools)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(link) $(libs_test) $(libs_of_scheduler)

$(av_tests): $(BUILD)/%: $(BUILD)/obj/%.o $(call lib,testsupport demo ingest) $(below_tools)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(link) $(libs_test) $(libs_all)

fuzz_driver := $(if $(FUZZ),,$(BUILD)/obj/tests/fuzz/driver.o)
$(fuzz_programs): $(BUILD)/%: $(BUILD)/obj/%.o $(fuzz_driver) $(below_tools)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(link) $(if $(FUZZ),-fsanitize=fuzzer) $(libs_of_scheduler)

define helper_rule
$(BUILD)/tests/$(subst _,-,$(patsubst %_main.c,%,$(notdir $(1)))): $(call object,$(1)) $(call lib,testsupport) $(below_tools)
	@mkdir -p $$(@D)
	$$(say) LINK $$@
	$$(link) $$(libs_test) $$(libs_of_scheduler)
endef
$(foreach main,$(testsupport_mains),$(eval $(call helper_rule,$(main))))

$(scripts): $(BUILD)/%: tools/%
	@mkdir -p $(@D)
	$(Q)install -m 755 $< $@

$(BUILD)/ketang.pot: $(message_sources) $(message_scripts)
	@mkdir -p $(@D)
	$(say) POT $@
	$(Q)xgettext --language=C --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=ngettext:1,2 \
	    --add-comments=TRANSLATORS --package-name=ketang --no-location -o $@ $(message_sources)
	$(Q)xgettext --language=Shell --from-code=UTF-8 --keyword=say --keyword=tell --keyword=fail \
	    --no-location --join-existing -o $@ $(message_scripts)
	$(Q)sed -i '/^"POT-Creation-Date/d' $@

$(BUILD)/locale/%/LC_MESSAGES/ketang.mo: po/%.po
	@mkdir -p $(@D)
	$(say) MSGFMT $<
	$(Q)msgfmt --check -o $@ $<

-include $(wildcard $(BUILD)/obj/*/*.d $(BUILD)/obj/*/*/*.d)
