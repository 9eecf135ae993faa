/* SPDX-License-Identifier: MIT */
/* station_network: the network as its operator numbers it. */
#include "playout/station_inner.h"

#include "playout/intl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const TEXTS[] = {"gb2312", "utf8", "ucs2", "gbk", "gb18030", NULL};
static const char *const OTHERS[] = {"none", "pf", "schedule", NULL};

static void read_code(const struct settings *place, const char *key, char code[4])
{
    char *text = settings_text(place, key);
    if (text != NULL && strlen(text) == 3) {
        memcpy(code, text, 4);
    } else if (text != NULL) {
        settings_complain(place, key, _("a code of three letters"));
    }
    free(text);
}

void station_read_network(const struct settings *place, struct network *network)
{
    static const char *const KEYS[] = {
        "name",    "network_id", "original_network_id", "text",     "language",           "country",
        "bouquet", "bouquet_id", "eit_other",           "eit_days", "eit_events_per_day", NULL,
    };
    settings_check_keys(place, KEYS);
    network->name = settings_text(place, "name");
    network->network_id = (int)settings_integer(place, "network_id", 1, 0xffff);
    network->original_network_id = (int)settings_integer(place, "original_network_id", 1, 0xffff);
    network->text = (enum text_coding)settings_word_or(place, "text", TEXTS, TEXT_GB2312);
    read_code(place, "language", network->language);
    read_code(place, "country", network->country);
    if (settings_has(place, "bouquet")) {
        network->bouquet = settings_text(place, "bouquet");
        network->bouquet_id = (int)settings_integer(place, "bouquet_id", 1, 0xffff);
    }
    network->eit_other =
        (enum eit_other)settings_word_or(place, "eit_other", OTHERS, EIT_OTHER_NONE);
    network->eit_days = (int)settings_integer_or(place, "eit_days", 0, 16, 8);
    network->eit_events_per_day =
        (int)settings_integer_or(place, "eit_events_per_day", 1, 1440, 80);
}

void station_read_cable(const struct settings *place, struct cable_delivery *cable)
{
    static const char *const KEYS[] = {"frequency_hz", "modulation", "symbol_rate", NULL};
    struct settings group;
    if (!settings_has(place, "cable") || !settings_descend(place, "cable", &group)) {
        return;
    }
    settings_check_keys(&group, KEYS);
    cable->frequency_hz = settings_integer(&group, "frequency_hz", 47000000, 1002000000);
    cable->modulation = (int)settings_integer(&group, "modulation", 16, 256);
    cable->symbol_rate = settings_integer(&group, "symbol_rate", 1000000, 9999900);
    if ((cable->modulation & (cable->modulation - 1)) != 0) {
        settings_complain(&group, "modulation", _("16, 32, 64, 128 or 256"));
    }
    if (cable->frequency_hz % 100 != 0 || cable->symbol_rate % 100 != 0) {
        settings_complain(&group, "frequency_hz", _("a multiple of 100, as is symbol_rate"));
    }
}
