/* SPDX-License-Identifier: MIT */
/* cmd_monitor_against: --against, the wire held against the tape. */
#include "tools/cmd_monitor.h"

#include "playout/intl.h"
#include "tools/against.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PACKET = 188, EVENTS_SHOWN = 20 };

struct monitor_against {
    struct against_listener listener; /* first */
    struct against *against;
    struct problems problems;
    bool is_broken; /* the tape could not be read */
    bool is_quiet;  /* nothing is printed */
    uint64_t told;
    bool has_first;
    struct against_event first;
};

static void print_event(const struct against_event *event)
{
    printf("packet %" PRIu64 "  slot %" PRIu64 "  ", event->packet, event->slot);
    switch (event->kind) {
    case AGAINST_DIFFERS:
        printf(_("PID 0x%04x: %" PRIu64 " packets differ from the tape, from byte %d on\n"),
               (unsigned)event->pid, event->count, event->byte);
        break;
    case AGAINST_MISSING:
        printf(_("%" PRIu64 " packets of the tape did not come\n"), event->count);
        break;
    case AGAINST_EXTRA:
        printf(_("%" PRIu64 " packets came too many\n"), event->count);
        break;
    case AGAINST_FOREIGN:
        printf(_("its clock is not that of the tape: another station file, or another stream?\n"));
        break;
    }
}

static void tell(struct against_listener *listener, const struct against_event *event)
{
    struct monitor_against *self = (struct monitor_against *)listener;
    if (!self->has_first) {
        self->has_first = true;
        self->first = *event;
    }
    if (self->told++ < EVENTS_SHOWN && !self->is_quiet) {
        print_event(event);
    }
}

struct monitor_against *monitor_against_open(const char *station, const char *transport,
                                             bool is_live, bool is_quiet)
{
    struct monitor_against *self = calloc(1, sizeof(*self));
    if (self == NULL) {
        return NULL;
    }
    self->listener.tell = tell;
    self->is_quiet = is_quiet;
    problems_init(&self->problems);
    const int64_t now_s = is_live ? (int64_t)time(NULL) : 0;
    if (against_open(station, transport, now_s, &self->listener, &self->against, &self->problems) <
        0) {
        problems_print(&self->problems, stderr);
        monitor_against_close(self);
        return NULL;
    }
    return self;
}

void monitor_against_close(struct monitor_against *self)
{
    if (self != NULL) {
        against_close(self->against);
        problems_finish(&self->problems);
        free(self);
    }
}

static void judge(struct monitor_against *self, int result)
{
    if (result < 0 && !self->is_broken) {
        self->is_broken = true;
        problems_print(&self->problems, stderr);
    }
}

void monitor_against_feed(struct monitor_against *self, const uint8_t *bytes, size_t size)
{
    if (self != NULL && !self->is_broken) {
        judge(self, against_feed(self->against, bytes, size / PACKET, &self->problems));
    }
}

void monitor_against_finish(struct monitor_against *self)
{
    if (self != NULL && !self->is_broken) {
        judge(self, against_finish(self->against, &self->problems));
    }
}

bool monitor_against_differs(const struct monitor_against *self)
{
    return self != NULL && self->has_first;
}

bool monitor_against_is_judged(const struct monitor_against *self)
{
    return self == NULL || (!self->is_broken && against_totals(self->against).is_aligned);
}

json_t *monitor_against_json(const struct monitor_against *self)
{
    const struct against_totals totals = against_totals(self->against);
    json_t *object = json_pack(
        "{s:b, s:I, s:I, s:I, s:I, s:I, s:I}", "judged", monitor_against_is_judged(self),
        "first_slot", (json_int_t)totals.first_slot, "compared", (json_int_t)totals.compared,
        "equal", (json_int_t)totals.equal, "differing", (json_int_t)totals.differing, "missing",
        (json_int_t)totals.missing, "extra", (json_int_t)totals.extra);
    if (self->has_first) {
        json_object_set_new(object, "first_difference",
                            json_pack("{s:I, s:I}", "packet", (json_int_t)self->first.packet,
                                      "slot", (json_int_t)self->first.slot));
    }
    return object;
}

void monitor_against_print(const struct monitor_against *self)
{
    const struct against_totals totals = against_totals(self->against);
    if (!totals.is_aligned) {
        printf(_("It is not known where on the tape this is: no TDT, or no clock of it.\n"));
        return;
    }
    printf(_("Against the tape: %" PRIu64 " packets compared, %" PRIu64 " equal, %" PRIu64
             " differ, %" PRIu64 " missing, %" PRIu64 " too many\n"),
           totals.compared, totals.equal, totals.differing, totals.missing, totals.extra);
}
