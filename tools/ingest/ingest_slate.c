/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_slate.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_codec.h"
#include "tools/ingest/ingest_graph.h"
#include "tools/ingest/ingest_picture.h"
#include "tools/ingest/ingest_publish.h"
#include "tools/ingest/ingest_writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/pixdesc.h>

enum {
    LONG_FRAMES = 10 * GOP_FRAMES,
    SHORT_FRAMES = 2 * GOP_FRAMES,
    HD_WIDTH = 1920,
    CANVAS_LINES = 576, /* in which the measures below count */
};

/*
 * Whole GOPs, so that it repeats without a seam; 9.6 s, and of pictures larger
 * than high definition, which are slow to encode, 1.92 s.
 */
static int64_t slate_frames(const struct profile *profile)
{
    return profile->video.width > HD_WIDTH ? SHORT_FRAMES : LONG_FRAMES;
}

/* A name without what means something to the filters. */
static void plain(const char *station, char *name, unsigned size)
{
    ingest_printable(station, name, size);
    for (char *at = name; *at != '\0'; at++) {
        if (strchr("\\':%[],;=", *at) != NULL) {
            *at = ' ';
        }
    }
}

/* A measure of the canvas in lines of the format. */
static int scaled(const struct video_profile *profile, int measure)
{
    return measure * profile->height / CANVAS_LINES;
}

/* Typography: the station's name, a line of comfort, quiet colours.  Drawn once, then repeated. */
static void describe(const struct profile *profile, const char *station, char *chain, size_t size)
{
    const struct video_profile *video = &profile->video;
    const int height = video->height;
    const int width = height * 16 / 9;
    const struct ingest_geometry fit = ingest_fit(video, width, height, (AVRational){1, 1}, 0);
    char name[200];
    plain(station, name, sizeof(name));
    /* drawtext takes `font` as a family only, but reads `fontfile` as a
     * fontconfig pattern when there is no such file. */
    snprintf(chain, size,
             "color=c=0x14324a:s=%dx%d:r=%d,trim=end_frame=1,"
             "drawbox=x=0:y=0:w=iw:h=ih:color=0x0e2436:t=%d,"
             "drawbox=x=(iw-w)/2:y=%d:w=%d:h=%d:color=0xe8b04a:t=fill,"
             "drawtext=font='Noto Sans CJK "
             "SC':fontfile='\\:bold':text='%s':fontsize=%d:fontcolor=0xf4f1e8:"
             "x=(w-text_w)/2:y=%d,"
             "drawtext=font='Noto Sans CJK SC':text='节目即将开始 请稍候':fontsize=%d:"
             "fontcolor=0xc9d4dc:x=(w-text_w)/2:y=%d,"
             "scale=%d:%d:flags=lanczos:out_color_matrix=%s:out_range=tv,"
             "pad=%d:%d:(ow-iw)/2:0:0x0e2436,setsar=%d/%d,format=%s,"
             "loop=loop=%lld:size=1",
             width, height, video->pictures_per_second, scaled(video, 28), scaled(video, 318),
             scaled(video, 200), scaled(video, 4), name, scaled(video, 64), scaled(video, 212),
             scaled(video, 36), scaled(video, 352), fit.width, fit.height,
             ingest_is_standard_definition(video) ? "bt470bg" : "bt709", video->width,
             video->height, video->aspect_num, video->aspect_den,
             av_get_pix_fmt_name(ingest_pixel_format(video)),
             (long long)(slate_frames(profile) * profile_pictures_per_frame(profile) - 1));
}

static int draw(struct ingest_writer *writer, const struct profile *profile, const char *station)
{
    char chain[2000];
    struct ingest_graph graph = {0};
    AVFrame *picture = av_frame_alloc();
    describe(profile, station, chain, sizeof(chain));
    int result =
        picture != NULL ? ingest_graph_open(&graph, &(const AVFrame){0}, chain) : AVERROR(ENOMEM);
    while (result >= 0 && (result = ingest_graph_get(&graph, picture)) >= 0) {
        result = ingest_writer_picture(writer, picture, AFD_FULL);
        av_frame_unref(picture);
    }
    ingest_graph_close(&graph);
    av_frame_free(&picture);
    return result == AVERROR_EOF ? 0 : result;
}

static int write_index(const struct profile *profile, int asset, int index_file,
                       struct ingest_failure *failure)
{
    struct ingest_index index = {0};
    int result = ingest_index_build(&index, asset, profile, failure);
    if (result == 0) {
        result = asset_index_put(index_file, &index.header, index.video, index.audio);
    }
    ingest_index_finish(&index);
    return result;
}

int ingest_slate_make(const struct profile *profile, const char *preset, const char *station,
                      int asset, int index, struct ingest_failure *failure)
{
    const struct ingest_writer_settings settings = {
        .encoder = {.profile = profile,
                    .preset = preset,
                    .video_percent = 100,
                    .audio_percent = 100},
        .kind = ASSET_SLATE,
        .frames = slate_frames(profile),
    };
    struct ingest_writer *writer = NULL;
    int result = ingest_writer_open(&writer, asset, &settings, failure);
    if (result == 0) {
        result = draw(writer, profile, station);
        result = result < 0 ? ingest_fail_av(failure, result, _("the slate cannot be drawn"))
                            : ingest_writer_close(writer, failure);
    }
    ingest_writer_destroy(writer);
    return result < 0 ? result : write_index(profile, asset, index, failure);
}
