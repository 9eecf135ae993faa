/* SPDX-License-Identifier: MIT */
/* cmd_monitor_against: --against, the wire held against the tape. */
#include "tools/cmd_monitor.h"

#include "playout/intl.h"
#include "tools/against.h"
#include "tools/meter/sync_scan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_KEPT = 20 };

struct monitor_against {
    struct against_listener listener; /* first */
    struct against *against;
    struct sync_scan *sync;
    struct problems problems;
    bool is_broken; /* the tape could not be read */
    bool is_explained;
    uint64_t told;
    uint64_t printed;
    struct against_event events[EVENTS_KEPT]; /* the first ones */
};

static const char *const KINDS[] = {
    [AGAINST_DIFFERS] = "differs",
    [AGAINST_MISSING] = "missing",
    [AGAINST_EXTRA] = "extra",
    [AGAINST_FOREIGN] = "foreign",
};

static void describe(const struct against_event *event, char *text, size_t room)
{
    const int used = snprintf(text, room, _("packet %" PRIu64 "  slot %" PRIu64 "  "),
                              event->packet, event->slot);
    text += used;
    room -= (size_t)used;
    switch (event->kind) {
    case AGAINST_DIFFERS:
        snprintf(text, room,
                 ngettext("PID 0x%04x: %" PRIu64 " packet differs from the tape, from byte %d on",
                          "PID 0x%04x: %" PRIu64 " packets differ from the tape, from byte %d on",
                          event->count),
                 (unsigned)event->pid, event->count, event->byte);
        break;
    case AGAINST_MISSING:
        snprintf(text, room,
                 ngettext("%" PRIu64 " packet of the tape did not come",
                          "%" PRIu64 " packets of the tape did not come", event->count),
                 event->count);
        break;
    case AGAINST_EXTRA:
        snprintf(text, room,
                 ngettext("%" PRIu64 " packet came too many", "%" PRIu64 " packets came too many",
                          event->count),
                 event->count);
        break;
    case AGAINST_FOREIGN:
        snprintf(text, room, "%s",
                 _("its clock is not that of the tape: another station file, or another stream?"));
        break;
    }
}

static void tell(struct against_listener *listener, const struct against_event *event)
{
    struct monitor_against *self = (struct monitor_against *)listener;
    if (self->told < EVENTS_KEPT) {
        self->events[self->told] = *event;
    }
    self->told++;
}

struct monitor_against *monitor_against_open(const char *station, const char *transport)
{
    struct monitor_against *self = calloc(1, sizeof(*self));
    if (self == NULL) {
        return NULL;
    }
    self->listener.tell = tell;
    self->sync = sync_scan_create();
    problems_init(&self->problems);
    if (self->sync == NULL ||
        against_open(station, transport, &self->listener, &self->against, &self->problems) < 0) {
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
        sync_scan_destroy(self->sync);
        problems_finish(&self->problems);
        free(self);
    }
}

static void judge(struct monitor_against *self, int result)
{
    if (result == -ENOMEM) {
        problems_add(&self->problems, PROBLEM_ERROR, "ketang monitor", 0, 0, "%s",
                     strerror(ENOMEM));
    }
    self->is_broken = self->is_broken || result < 0;
}

static void feed_packets(struct monitor_against *self)
{
    const uint8_t *packet = NULL;
    for (enum sync_event event; (event = sync_scan_next(self->sync, &packet)) != SYNC_MORE;) {
        if ((event == SYNC_PACKET || event == SYNC_BAD) && !self->is_broken) {
            judge(self, against_feed(self->against, packet, 1, &self->problems));
        }
    }
}

void monitor_against_feed(struct monitor_against *self, const uint8_t *bytes, size_t size)
{
    if (self != NULL && !self->is_broken) {
        judge(self, sync_scan_push(self->sync, bytes, size));
        feed_packets(self);
    }
}

void monitor_against_finish(struct monitor_against *self)
{
    if (self != NULL && !self->is_broken) {
        sync_scan_end(self->sync);
        feed_packets(self);
        if (!self->is_broken) {
            judge(self, against_finish(self->against, &self->problems));
        }
    }
}

void monitor_against_reset(struct monitor_against *self)
{
    if (self != NULL) {
        against_reset(self->against);
        self->told = 0;
        self->printed = 0;
    }
}

bool monitor_against_differs(const struct monitor_against *self)
{
    return self != NULL && self->told > 0;
}

bool monitor_against_is_judged(const struct monitor_against *self)
{
    if (self == NULL) {
        return true;
    }
    const struct against_totals totals = against_totals(self->against);
    return !self->is_broken && totals.is_aligned && totals.unplaced == 0;
}

void monitor_against_print_events(struct monitor_against *self, FILE *out)
{
    const bool is_full = self != NULL && self->printed == EVENTS_KEPT;
    for (; self != NULL && self->printed < self->told && self->printed < EVENTS_KEPT;
         self->printed++) {
        char text[256];
        describe(&self->events[self->printed], text, sizeof(text));
        fprintf(out, "%s\n", text);
    }
    if (self != NULL && !is_full && self->printed == EVENTS_KEPT) {
        fputs(_("Differences from here on are only counted.\n"), out);
    }
}

void monitor_against_print_problems(struct monitor_against *self, FILE *out)
{
    if (self != NULL && self->is_broken && !self->is_explained) {
        self->is_explained = true;
        problems_print(&self->problems, out);
    }
}

static json_t *event_json(const struct against_event *event)
{
    json_t *object = json_pack("{s:s, s:I, s:I}", "kind", KINDS[event->kind], "packet",
                               (json_int_t)event->packet, "slot", (json_int_t)event->slot);
    if (event->kind != AGAINST_FOREIGN) {
        json_object_set_new(object, "count", json_integer((json_int_t)event->count));
    }
    if (event->kind == AGAINST_DIFFERS) {
        json_object_set_new(object, "pid", json_integer(event->pid));
        json_object_set_new(object, "byte", json_integer(event->byte));
    }
    return object;
}

json_t *monitor_against_json(const struct monitor_against *self)
{
    const struct against_totals totals = against_totals(self->against);
    json_t *object =
        json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "judged",
                  monitor_against_is_judged(self), "first_slot", (json_int_t)totals.first_slot,
                  "compared", (json_int_t)totals.compared, "equal", (json_int_t)totals.equal,
                  "differing", (json_int_t)totals.differing, "missing", (json_int_t)totals.missing,
                  "extra", (json_int_t)totals.extra, "unplaced", (json_int_t)totals.unplaced);
    if (self->told > 0) {
        json_object_set_new(object, "first_difference", event_json(&self->events[0]));
    }
    return object;
}

static void describe_totals(const struct monitor_against *self, char *text, size_t room)
{
    const struct against_totals totals = against_totals(self->against);
    if (self->is_broken) {
        snprintf(text, room, _("Comparing has ended: the tape cannot be read here: %s"),
                 self->problems.count > 0 ? self->problems.items[0].text : "");
    } else if (!totals.is_aligned) {
        snprintf(text, room, "%s",
                 _("It is not known where on the tape this is: no TDT, or no clock of it."));
    } else {
        const int used =
            snprintf(text, room,
                     _("Against the tape: %" PRIu64 " packets compared, %" PRIu64 " equal, %" PRIu64
                       " differ, %" PRIu64 " missing, %" PRIu64 " too many"),
                     totals.compared, totals.equal, totals.differing, totals.missing, totals.extra);
        if (totals.unplaced > 0 && (size_t)used < room) {
            snprintf(text + used, room - (size_t)used,
                     _(". Packets before them whose place was not known: %" PRIu64),
                     totals.unplaced);
        }
    }
}

static void describe_first(const struct monitor_against *self, char *text, size_t room)
{
    text[0] = '\0';
    if (self->told > 0) {
        char event[256];
        describe(&self->events[0], event, sizeof(event));
        snprintf(text, room, _("The first difference: %s"), event);
    }
}

void monitor_against_print(const struct monitor_against *self, FILE *out)
{
    struct monitor_against_lines lines;
    monitor_against_lines(self, &lines);
    fprintf(out, "%s\n", lines.totals);
    if (lines.first[0] != '\0') {
        fprintf(out, "%s\n", lines.first);
    }
}

void monitor_against_lines(const struct monitor_against *self, struct monitor_against_lines *lines)
{
    *lines = (struct monitor_against_lines){0};
    if (self != NULL) {
        lines->is_fault = self->told > 0 || self->is_broken;
        describe_totals(self, lines->totals, sizeof(lines->totals));
        describe_first(self, lines->first, sizeof(lines->first));
    }
}
