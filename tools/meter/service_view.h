/* SPDX-License-Identifier: MIT */
/*
 * service_view: the services of a stream as a viewer sees them: names, what
 * is on now, and what comes next.
 *
 * Judges nothing; text that cannot be decoded is shown with U+FFFD.
 *
 * Normative reference: ETSI EN 300 468, 5.2.3, 5.2.4, 6.2 and Annex A.
 */
#ifndef TOOLS_METER_SERVICE_VIEW_H
#define TOOLS_METER_SERVICE_VIEW_H

#include "tools/meter/dvb_text.h"
#include "tools/meter/section_scan.h"

enum { VIEW_SERVICES = 128, VIEW_TEXT = DVB_TEXT_ROOM };

struct view_event {
    bool is_known;
    int64_t start_s;      /* since the Unix epoch; -1: not said */
    int duration_s;       /* 0: not said */
    char name[VIEW_TEXT]; /* UTF-8 */
};

struct view_service {
    int service_id;
    int service_type; /* 0: not said */
    bool is_scrambled;
    char name[VIEW_TEXT];
    char provider[VIEW_TEXT];
    struct view_event now;
    struct view_event next;
};

struct service_view;

struct service_view *service_view_create(void);       /* NULL: out of memory */
void service_view_destroy(struct service_view *view); /* accepts NULL */

/* A sound section of whatever table. */
void service_view_take(struct service_view *view, const struct section *section);

/* The service with this id, or NULL. */
const struct view_service *service_view_find(const struct service_view *view, int service_id);

/* UTC of the last TDT or TOT, seconds since the epoch; -1: none yet. */
int64_t service_view_time(const struct service_view *view);

/* Text of a table as UTF-8 on one line, always terminated, safe for a terminal. */
void service_view_text(struct service_view *view, const uint8_t *bytes, int size,
                       char text[VIEW_TEXT]);

#endif
