/* SPDX-License-Identifier: MIT */
/* channel_status: what `status` tells about one channel. */
#include "playout/channel_inner.h"

#include "playout/pacing.h"

#include <stdlib.h>
#include <string.h>

enum { FRAME_MS = 1000 / FRAMES_PER_SECOND };

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *event_json(const struct plan_event *event)
{
    return json_pack("{s:I, s:s, s:o, s:o, s:o, s:I, s:I}", "seq", (json_int_t)event->seq, "kind",
                     event_kind_name(event->kind), "title", text_or_null(event->title),
                     "house_number", text_or_null(event->house_number), "reason",
                     text_or_null(event->reason), "start", (json_int_t)event->start, "end",
                     (json_int_t)(event->start + event->duration));
}

/* The slate outside of the plan, until its first event or for ever. */
static json_t *slate_json(const struct plan_event *next)
{
    return json_pack("{s:n, s:s, s:n, s:n, s:o}", "seq", "kind", event_kind_name(EVENT_SLATE),
                     "title", "house_number", "end",
                     next != NULL ? json_integer(next->start) : json_null());
}

/* The first event that begins after `frame`; NULL: none. */
static const struct plan_event *event_after(const struct plan *plan, int64_t frame)
{
    for (size_t i = 0; plan != NULL && i < plan->event_count; i++) {
        if (plan->events[i].start > frame) {
            return &plan->events[i];
        }
    }
    return NULL;
}

/* What `ketang replace CHANNEL next` replaces; NULL: none. */
static const struct plan_event *next_programme(const struct plan *plan, int64_t frame)
{
    const size_t i = plan != NULL ? plan_next_programme(plan, frame) : 0;
    return plan != NULL && i < plan->event_count ? &plan->events[i] : NULL;
}

static void add_now_and_next(const struct channel *channel, int64_t frame, json_t *object)
{
    const struct timeline *timeline = tape_inputs_step(channel->inputs, frame)->timeline;
    const struct timeline *latest = channel_last_step(channel)->timeline;
    const struct plan *plan = timeline_plan(timeline);
    const struct plan *coming = timeline_plan(latest);
    const ptrdiff_t i = plan != NULL ? plan_find(plan, frame) : -1;
    const struct plan_event *on_air = i >= 0 ? &plan->events[i] : NULL;
    const struct plan_event *first = event_after(coming, frame);
    json_t *now = on_air != NULL ? event_json(on_air) : slate_json(first);
    const bool has_end = on_air != NULL || first != NULL;
    const int64_t stop = on_air != NULL  ? plan_programme_end(plan, (size_t)i)
                         : first != NULL ? first->start
                                         : frame;
    json_object_set_new(now, "remaining_ms",
                        has_end ? json_integer((stop - frame) * FRAME_MS) : json_null());
    const struct plan_amendment *order = plan_order(plan, on_air);
    json_object_set_new(now, "order", text_or_null(order != NULL ? order->kind : NULL));
    /* A break-in that nobody has ended lasts until the return: what comes then is not known. */
    const bool is_open = order != NULL && order->until == AMENDMENT_OPEN;
    const struct plan_event *next = is_open ? NULL : next_programme(coming, frame);
    json_object_set_new(now, "until_return", json_boolean(is_open));
    struct piece piece;
    timeline_piece(timeline, frame, &piece);
    json_object_set_new(now, "asset", json_string(piece.asset));
    json_object_set_new(now, "substituted",
                        json_boolean(on_air != NULL && strcmp(piece.asset, on_air->asset) != 0));
    json_object_set_new(object, "now", now);
    json_object_set_new(object, "next", next != NULL ? event_json(next) : json_null());
}

static json_t *refusal_json(const struct refusal *refusal)
{
    if (refusal->revision == 0) {
        return json_null();
    }
    return json_pack("{s:I, s:s, s:o}", "revision", (json_int_t)refusal->revision, "reason",
                     refusal->reason, "possible_from",
                     refusal->possible_from >= 0 ? json_integer(refusal->possible_from)
                                                 : json_null());
}

static json_t *lateness_json(const struct histogram *lateness)
{
    enum { NS_PER_US = 1000 };
    return json_pack("{s:I, s:I, s:I, s:I}", "p50_us",
                     (json_int_t)(histogram_quantile_ns(lateness, 500) / NS_PER_US), "p99_us",
                     (json_int_t)(histogram_quantile_ns(lateness, 990) / NS_PER_US), "p999_us",
                     (json_int_t)(histogram_quantile_ns(lateness, 999) / NS_PER_US), "max_us",
                     (json_int_t)(histogram_max_ns(lateness) / NS_PER_US));
}

static void add_counter(json_t *object, const char *key, const _Atomic uint64_t *counter)
{
    json_object_set_new(object, key, json_integer((json_int_t)atomic_load(counter)));
}

static void add_pacer(const struct pacer_lane *pace, json_t *object)
{
    const struct pacer_counters *counters = &pace->counters;
    json_object_set_new(object, "muted", json_boolean(atomic_load(&pace->is_muted)));
    json_object_set_new(object, "lateness", lateness_json(&counters->lateness));
    add_counter(object, "sent", &counters->sent);
    add_counter(object, "late", &counters->late);
    add_counter(object, "skipped", &counters->skipped);
    add_counter(object, "starved", &counters->starved);
    add_counter(object, "muted_datagrams", &counters->muted);
    add_counter(object, "last_datagram", &counters->last);
}

json_t *alarms_json(const struct alarms *alarms, int64_t now_ms)
{
    json_t *list = json_array();
    for (size_t i = 0; i < alarms->count; i++) {
        const struct alarm *alarm = &alarms->items[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:I}", "alarm", alarm->key, "text", alarm->text,
                                        "since_s", (json_int_t)(now_ms - alarm->since_ms) / 1000));
    }
    return list;
}

static int64_t revision_at(const struct channel *channel, int64_t frame)
{
    const struct plan *plan = timeline_plan(tape_inputs_step(channel->inputs, frame)->timeline);
    return plan != NULL ? plan->revision : 0;
}

json_t *channel_status(const struct channel *channel, const struct moment *now)
{
    const struct plan *latest = timeline_plan(channel_last_step(channel)->timeline);
    json_t *object = json_object();
    json_object_set_new(object, "name", json_string(channel_name(channel)));
    json_object_set_new(object, "title", json_string(channel->service->title));
    json_object_set_new(object, "transport", json_string(channel->service->transport->name));
    json_object_set_new(object, "on_air", json_boolean(channel->pace != NULL));
    json_object_set_new(object, "revision", json_integer(revision_at(channel, now->frame)));
    json_object_set_new(object, "adopted", json_integer(latest != NULL ? latest->revision : 0));
    json_object_set_new(object, "refused", refusal_json(&channel->refused));
    json_object_set_new(object, "bitrate_bps",
                        json_integer((json_int_t)channel->service->transport->slots_per_second *
                                     TS_PACKET_SIZE * 8));
    add_now_and_next(channel, now->frame, object);
    if (channel->pace != NULL) {
        add_pacer(channel->pace, object);
    }
    json_object_set_new(object, "alarms", alarms_json(&channel->alarms, now->ms));
    return object;
}
