/* SPDX-License-Identifier: MIT */
#include "tools/order_words.h"

#include "playout/intl.h"
#include "scheduler/order.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The modes of scheduler/order.h, and the states of scheduler/order_desk.h. */
static const char *const words[] = {
    N_("push"),    N_("start"), N_("follow"), N_("whole"),  N_("loop"),
    N_("ordered"), N_("taken"), N_("over"),   N_("undone"),
};

static const char *translated(const char *word)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(word, words[i]) == 0) {
            return _(words[i]);
        }
    }
    return strcmp(word, "push-loop") == 0 ? _("push and loop") : word;
}

void order_words_kind(const char *kind, const char *mode, char *text, size_t size)
{
    const bool has_mode = mode[0] != '\0' && strcmp(mode, "join") != 0;
    snprintf(text, size, "%s%s%s", order_kind_text(kind), has_mode ? _(", ") : "",
             has_mode ? translated(mode) : "");
}

const char *order_words_state(const char *state)
{
    return translated(state);
}
