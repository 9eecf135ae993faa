/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_list.h"

#include "scheduler/when.h"

#include <errno.h>

static void write_programme(FILE *out, const struct epg_entry *entry, const char *clock)
{
    const bool is_removed = entry->mark == EPG_REMOVED;
    fprintf(out, "<li class=\"%s %s\"><time>%s</time><span class=\"what\">",
            epg_kind_name(entry->kind), epg_mark_name(entry->mark), clock);
    html_mark(out, entry);
    html_span(out, is_removed ? "gone" : "name", entry->texts[EPG_TITLE]);
    html_span(out, "again", entry->is_joined ? "（接前一日）" : "");
    html_span(out, "again", entry->kind == EPG_REPEAT ? "（重播）" : "");
    if (!is_removed) {
        html_badges(out, entry);
    }
    if (entry->kind == EPG_LESSON && entry->texts[EPG_TEACHER][0] != '\0' && !is_removed) {
        fputs(" ", out);
        html_span(out, "by", entry->texts[EPG_TEACHER]);
    }
    if (entry->texts[EPG_BEFORE][0] != '\0') {
        fputs("<span class=\"before\">原为：", out);
        html_isolated(out, entry->texts[EPG_BEFORE]);
        fputs("</span>", out);
    }
    fputs("</span></li>\n", out);
}

static void write_day(FILE *out, const struct html_page *page, const struct publish_choice *choice,
                      const struct edition_channel *channel, int64_t date)
{
    fputs("<section><h2>", out);
    html_day(out, page, choice, date);
    fputs("</h2>\n<ol>\n", out);
    for (size_t i = 0; i < channel->count; i++) {
        const struct epg_entry *entry = &channel->entries[i];
        char clock[HTML_CLOCK_SIZE];
        int64_t day = 0;
        html_clock(page->zone, entry->start, clock, &day);
        if (day == date && !epg_is_day(entry) &&
            (!entry->is_cancelled || entry->mark == EPG_REMOVED)) {
            write_programme(out, entry, clock);
        }
    }
    fputs("</ol></section>\n", out);
}

int publish_list(const struct edition *edition, const struct edition_channel *channel,
                 const struct zone *zone, FILE *out)
{
    const char *const names[] = {channel->name};
    const struct publish_choice choice = {.channels = names, .channel_count = 1};
    const struct html_page page = {.edition = edition,
                                   .zone = zone,
                                   .paper = HTML_PORTRAIT,
                                   .subject = channel->title,
                                   .kind = "节目单",
                                   .note = "",
                                   .term_week = channel->term_week};
    html_begin(out, &page);
    fputs("<div class=\"listing\">\n", out);
    for (int i = 0; i < DAYS_PER_WEEK; i++) {
        write_day(out, &page, &choice, channel, edition->week + i);
    }
    fputs("</div>\n", out);
    html_changes(out, &page, &choice);
    html_finish(out);
    return ferror(out) ? -EIO : 0;
}
