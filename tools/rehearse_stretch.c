/* SPDX-License-Identifier: MIT */
#include "tools/rehearse_stretch.h"

#include "playout/intl.h"
#include "scheduler/when.h"
#include "tools/complaint.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAYS_A_WEEK = 7 };

static int64_t midnight_s(const struct zone *zone, int64_t day)
{
    struct civil civil = {0};
    civil_date(day, &civil);
    return zone_from_civil(zone, &civil);
}

int rehearse_stretch_find(const char *week, const char *day, const struct zone *zone,
                          struct rehearse_stretch *stretch)
{
    const bool is_week = week != NULL;
    int64_t number = 0;
    if (is_week && when_week_said(week, zone_date(zone, time(NULL)), &number) < 0) {
        fprintf(stderr,
                _("ketang rehearse: '%s' is no week; write this, next, or a day of it as "
                  "2026-11-23.\n"),
                week);
        return -EINVAL;
    }
    if (!is_week && complaint_read_date("rehearse", zone, day, &number) < 0) {
        return -EINVAL;
    }
    stretch->from_s = midnight_s(zone, number);
    stretch->to_s = midnight_s(zone, number + (is_week ? DAYS_A_WEEK : 1));
    return 0;
}

int rehearse_stretch_save(const char *folder, const struct rehearse_stretch *stretch,
                          const char *const *faults, size_t count)
{
    char *path = NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, json_string(faults[i]));
    }
    json_t *label =
        json_pack("{s:I, s:I, s:s?, s:o}", "from_s", (json_int_t)stretch->from_s, "to_s",
                  (json_int_t)stretch->to_s, "channel", stretch->channel, "faults", list);
    const bool is_good = label != NULL && asprintf(&path, "%s/rehearsal.json", folder) >= 0 &&
                         json_dump_file(label, path, JSON_INDENT(1)) == 0;
    json_decref(label);
    free(path);
    return is_good ? 0 : -EIO;
}

int rehearse_stretch_load(const char *folder, struct rehearse_stretch *stretch)
{
    char *path = NULL;
    json_t *label = NULL;
    if (asprintf(&path, "%s/rehearsal.json", folder) >= 0) {
        label = json_load_file(path, 0, NULL);
    }
    stretch->from_s = json_integer_value(json_object_get(label, "from_s"));
    stretch->to_s = json_integer_value(json_object_get(label, "to_s"));
    json_decref(label);
    free(path);
    if (stretch->from_s <= 0 || stretch->to_s <= stretch->from_s) {
        fprintf(stderr,
                _("ketang rehearse: %s holds no rehearsal; one is kept there by --out %s.\n"),
                folder, folder);
        return -EINVAL;
    }
    return 0;
}
