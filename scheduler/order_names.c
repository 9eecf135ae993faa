/* SPDX-License-Identifier: MIT */
/* Kinds and modes of orders: their words, in plans and commands, and what they mean. */
#include "playout/intl.h"
#include "playout/text_same.h"
#include "scheduler/order.h"

#include <errno.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const kind_names[] = {
    [ORDER_SLATE] = N_("slate"),     [ORDER_EMERGENCY] = N_("emergency"),
    [ORDER_LIVE] = N_("live"),       [ORDER_HOLD] = N_("hold"),
    [ORDER_INSERT] = N_("insert"),   [ORDER_EXTEND] = N_("extend"),
    [ORDER_REPLACE] = N_("replace"), [ORDER_SKIP] = N_("skip"),
};

static const char *const mode_names[] = {
    [ORDER_JOIN] = "join",           [ORDER_PUSH] = "push",   [ORDER_START] = "start",
    [ORDER_FOLLOW] = "follow",       [ORDER_WHOLE] = "whole", [ORDER_LOOP] = "loop",
    [ORDER_PUSH_LOOP] = "push-loop",
};

static int find_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; name != NULL && i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return (int)i;
        }
    }
    return -EINVAL;
}

const char *order_kind_name(enum order_kind kind)
{
    return kind_names[kind];
}

int order_kind_parse(const char *name, enum order_kind *kind)
{
    const int found = find_name(kind_names, COUNT(kind_names), name);
    *kind = found < 0 ? *kind : (enum order_kind)found;
    return found < 0 ? found : 0;
}

const char *order_kind_text(const char *name)
{
    return find_name(kind_names, COUNT(kind_names), name) >= 0 ? _(name) : name;
}

const char *order_mode_name(enum order_mode mode)
{
    return mode_names[mode];
}

int order_mode_parse(const char *name, enum order_mode *mode)
{
    const int found = find_name(mode_names, COUNT(mode_names), name);
    *mode = found < 0 ? *mode : (enum order_mode)found;
    return found < 0 ? found : 0;
}

bool order_kind_is_break_in(enum order_kind kind)
{
    return kind <= ORDER_HOLD;
}

bool order_is_break_in(const struct plan_amendment *order)
{
    enum order_kind kind = ORDER_SKIP;
    return order_kind_parse(order->kind, &kind) == 0 && order_kind_is_break_in(kind);
}

bool order_is_insertion(const struct plan_amendment *order)
{
    return text_same(order->kind, order_kind_name(ORDER_INSERT));
}

bool order_ends_insertions(const struct plan_amendment *order)
{
    return !order->is_undone && text_same(order->kind, order_kind_name(ORDER_SKIP)) &&
           text_same(order->mode, order_mode_name(ORDER_FOLLOW));
}

bool order_is_item(const struct plan_amendment *order, const struct plan_event *event)
{
    return event->item_of == order->id && event->in_point == 0 && order_is_insertion(order);
}

int64_t order_start_in(const struct plan *plan, const struct plan_amendment *order,
                       int64_t earliest)
{
    for (size_t i = 0; i < plan->event_count; i++) {
        if (plan->events[i].start >= earliest && order_is_item(order, &plan->events[i])) {
            return plan->events[i].start;
        }
    }
    return -1;
}

bool order_pushes(const struct plan_amendment *order)
{
    enum order_mode mode = ORDER_JOIN;
    (void)order_mode_parse(order->mode, &mode);
    return mode == ORDER_PUSH || mode == ORDER_PUSH_LOOP;
}

int64_t order_over(const struct plan_amendment *order)
{
    return order->over > order->until ? order->over : order->until;
}

bool order_is_active(const struct plan_amendment *order, int64_t frame)
{
    return !order->is_undone && order_over(order) > frame;
}
