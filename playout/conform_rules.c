/* SPDX-License-Identifier: MIT */
#include "playout/conform_rules.h"

#include <stddef.h>

enum { HIGH_PASS_MOST = 300, NOISE_MOST = 40 };

void conform_rules_read(const struct settings *profile, struct conform_rules *rules)
{
    static const char *const SIDES[] = {"black", "blurred", NULL};
    static const char *const KEYS[] = {"sides",         "mend_sound",     "high_pass_hz",
                                       "noise_less_db", "burn_subtitles", NULL};
    struct settings group;
    *rules = (struct conform_rules){
        .sides = CONFORM_BLURRED, .mends_sound = true, .burns_subtitles = true};
    if (!settings_has(profile, "conform") || !settings_descend(profile, "conform", &group)) {
        return;
    }
    rules->sides =
        (enum conform_sides)settings_word_or(&group, "sides", SIDES, (int)CONFORM_BLURRED);
    rules->mends_sound = settings_switch_or(&group, "mend_sound", true);
    rules->high_pass_hz = (int)settings_integer_or(&group, "high_pass_hz", 0, HIGH_PASS_MOST, 0);
    rules->noise_less_db = (int)settings_integer_or(&group, "noise_less_db", 0, NOISE_MOST, 0);
    rules->burns_subtitles = settings_switch_or(&group, "burn_subtitles", true);
    settings_check_keys(&group, KEYS);
}
