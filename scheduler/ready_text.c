/* SPDX-License-Identifier: MIT */
#include "scheduler/ready_text.h"

#include "playout/intl.h"

#include <stdio.h>

const char *ready_state_name(enum media_state state)
{
    static const char *const names[] = {"none", "ready", "missing", "damaged", "unapproved",
                                        "late", "unfit", "live",    "replaced"};
    return names[state];
}

const char *ready_state_text(enum media_state state)
{
    switch (state) {
    case MEDIA_READY:
        return _("ready");
    case MEDIA_MISSING:
        return _("MISSING");
    case MEDIA_DAMAGED:
        return _("DAMAGED");
    case MEDIA_UNAPPROVED:
        return _("NOT APPROVED");
    case MEDIA_LATE:
        return _("TOO LATE");
    case MEDIA_UNFIT:
        return _("DOES NOT FIT");
    case MEDIA_LIVE:
        return _("live");
    case MEDIA_REPLACED:
        return _("replaced");
    case MEDIA_NOT_NEEDED:
        break;
    }
    return "";
}

const char *ready_cause_text(enum media_state state)
{
    switch (state) {
    case MEDIA_MISSING:
        return _("its file is not there yet");
    case MEDIA_DAMAGED:
        return _("its file is damaged: it is to be ingested again");
    case MEDIA_UNAPPROVED:
        return _("its file is not approved for this run");
    case MEDIA_LATE:
        return _("its file comes too late for this slot");
    case MEDIA_UNFIT:
        return _("its file cannot air in this slot");
    case MEDIA_LIVE:
        return _("the substitute of the live lesson is not ready");
    case MEDIA_NOT_NEEDED:
    case MEDIA_READY:
    case MEDIA_REPLACED:
        break;
    }
    return "";
}

const char *ready_instead_text(const struct ready_row *row, char text[READY_TEXT_SIZE])
{
    if (row->airs[0] != '\0') {
        snprintf(text, READY_TEXT_SIZE, _("%s airs instead"), row->airs);
        return text;
    }
    const char *what = row->state == MEDIA_LIVE  ? _("there is nothing to stand in for the source")
                       : row->is_of_list         ? _("the others of the list air instead")
                       : row->run == READY_RELAY ? _("nothing stands in for the relay")
                       : row->start == READY_NO_TIME ? _("the slate may air instead")
                       : row->has_fillers            ? _("fillers air instead")
                                                     : _("the slate airs instead");
    snprintf(text, READY_TEXT_SIZE, "%s", what);
    return text;
}

const char *ready_time_text(const struct ready_row *row, const struct zone *zone,
                            char text[READY_TIME_SIZE])
{
    text[0] = '\0';
    if (row->start != READY_NO_TIME) {
        struct civil civil;
        /* Slots begin on the join grid, up to four frames beside their second. */
        zone_to_civil(zone, (row->start + FRAMES_PER_SECOND / 2) / FRAMES_PER_SECOND, &civil);
        const int offset = civil.offset < 0 ? -civil.offset : civil.offset;
        snprintf(text, READY_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d%02d",
                 civil.year % 10000, civil.month, civil.day, civil.hour, civil.minute, civil.second,
                 civil.offset < 0 ? '-' : '+', offset / 3600 % 100, offset / 60 % 60);
    }
    return text;
}

static const char *text_or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

json_t *ready_json(const struct ready_row *row, const struct zone *zone)
{
    static const char *const runs[] = {"first", "repeat", "shared", "relay", "filler", "card"};
    char time[READY_TIME_SIZE];
    const bool has_time = row->start != READY_NO_TIME;
    json_t *json =
        json_pack("{s:s, s:s?, s:s, s:s, s:s, s:s, s:s, s:b, s:s?}", "channel", row->channel,
                  "time", text_or_null(ready_time_text(row, zone, time)), "house_number",
                  row->house_number, "title", row->title, "grade", row->grade, "run",
                  runs[row->run], "state", ready_state_name(row->state), "ready",
                  !ready_is_wanting(row), "airs", text_or_null(row->airs));
    if (json != NULL && has_time) {
        json_object_set_new(json, "start_frame", json_integer(row->start));
        json_object_set_new(json, "end_frame", json_integer(row->end));
    }
    if (json != NULL && row->order != 0) {
        json_object_set_new(json, "order", json_integer(row->order));
    }
    if (json != NULL && row->over != 0) {
        json_object_set_new(json, "order_over", json_integer(row->over));
    }
    if (json != NULL && row->substitute_state != MEDIA_NOT_NEEDED) {
        json_object_set_new(json, "substitute", json_string(row->substitute));
        json_object_set_new(json, "substitute_state",
                            json_string(ready_state_name(row->substitute_state)));
    }
    if (json != NULL && row->state == MEDIA_READY && row->newest != MEDIA_READY) {
        json_object_set_new(json, "newer_file", json_string(ready_state_name(row->newest)));
    }
    return json;
}
