/* SPDX-License-Identifier: MIT */
#include "tools/ingest_slate.h"

#include "tools/ingest_failure.h"

#include <stdio.h>
#include <string.h>

/* Typography: the station's name, a line of comfort, quiet colours. */
static void describe(const struct video_profile *profile, const char *station, char *chain,
                     size_t size)
{
    char name[200];
    ingest_printable(station, name, sizeof(name));
    for (char *at = name; *at != '\0'; at++) {
        if (strchr("\\':%[],;=", *at) != NULL) {
            *at = ' '; /* means something to the filters */
        }
    }
    /* drawtext takes `font` as a family only, but reads `fontfile` as a
     * fontconfig pattern when there is no such file. */
    snprintf(chain, size,
             "color=c=0x14324a:s=1024x576:r=%d:d=%d.%02d,"
             "drawbox=x=0:y=0:w=iw:h=ih:color=0x0e2436:t=28,"
             "drawbox=x=412:y=318:w=200:h=4:color=0xe8b04a:t=fill,"
             "drawtext=font='Noto Sans CJK "
             "SC':fontfile='\\:bold':text='%s':fontsize=64:fontcolor=0xf4f1e8:"
             "x=(w-text_w)/2:y=212,"
             "drawtext=font='Noto Sans CJK SC':text='节目即将开始 请稍候':fontsize=36:"
             "fontcolor=0xc9d4dc:x=(w-text_w)/2:y=352,"
             "scale=704:%d:flags=lanczos:out_color_matrix=bt470bg:out_range=tv,"
             "pad=%d:%d:(ow-iw)/2:0:0x0e2436,setsar=%d/%d,format=yuv420p",
             FRAMES_PER_SECOND, INGEST_SLATE_FRAMES / FRAMES_PER_SECOND,
             INGEST_SLATE_FRAMES % FRAMES_PER_SECOND * 4, name, profile->height, profile->width,
             profile->height, profile->aspect_num, profile->aspect_den);
}

int ingest_slate_open(struct ingest_graph *graph, const struct profile *profile,
                      const char *station)
{
    char chain[2000];
    describe(&profile->video, station, chain, sizeof(chain));
    return ingest_graph_open(graph, &(const AVFrame){0}, chain);
}
