/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_sound.h"

#include "tools/ingest/ingest_codec.h"

#include <inttypes.h>
#include <stdio.h>

#include <libavutil/error.h>

/* The limiter works at this multiple of the rate: there peaks are what a set's converter makes. */
enum { OVERSAMPLING = 4 };

int ingest_sound_init(struct ingest_sound *sound, const struct profile *profile,
                      const struct ingest_sound_settings *settings)
{
    *sound = (struct ingest_sound){.profile = profile, .settings = *settings};
    sound->frame = av_frame_alloc();
    return sound->frame != NULL ? 0 : AVERROR(ENOMEM);
}

void ingest_sound_finish(struct ingest_sound *sound)
{
    ingest_graph_close(&sound->graph);
    av_frame_free(&sound->frame);
}

/* What is done before anything is measured: the sides, then what nobody wants to hear. */
static void describe_repairs(const struct ingest_sound *sound, char *chain, size_t size)
{
    static const char *const SIDES[] = {
        [SIDES_RIGHT] = "",
        [SIDES_LEFT_ONLY] = "pan=stereo|c0=c0|c1=c0,",
        [SIDES_RIGHT_ONLY] = "pan=stereo|c0=c1|c1=c1,",
        [SIDES_OPPOSED] = "pan=stereo|c0=c0|c1=-1*c1,",
    };
    const struct conform_rules *rules = &sound->profile->conform;
    char high_pass[64] = "";
    char noise[64] = "";
    if (rules->high_pass_hz > 0) {
        snprintf(high_pass, sizeof(high_pass), "highpass=f=%d,", rules->high_pass_hz);
    }
    if (rules->noise_less_db > 0) {
        snprintf(noise, sizeof(noise), "afftdn=nr=%d:tn=1,", rules->noise_less_db);
    }
    snprintf(chain, size, "%s%s%s", SIDES[sound->settings.sides], high_pass, noise);
}

static int open_graph(struct ingest_sound *sound, const AVFrame *like)
{
    const struct audio_profile *profile = &sound->profile->audio;
    char repairs[256];
    char limiter[256] = "";
    char chain[1024];
    describe_repairs(sound, repairs, sizeof(repairs));
    if (sound->settings.is_limited) {
        snprintf(limiter, sizeof(limiter),
                 "aresample=%d,alimiter=limit=%.4fdB:level=false:attack=5:release=50:latency=true,"
                 "aresample=%d,",
                 profile->sample_rate * OVERSAMPLING, profile->true_peak_dbtp,
                 profile->sample_rate);
    }
    /* flags=res: a resampler that is only called for by a time that is off starts over, at
     * first_pts, and puts in as much silence as there was sound before. */
    snprintf(chain, sizeof(chain),
             "aresample=%d:async=1000:min_hard_comp=0.05:flags=res:first_pts=%" PRId64 ","
             "aformat=sample_fmts=fltp:channel_layouts=stereo,%svolume=%.3fdB:precision=float,"
             "%saformat=sample_fmts=%s:channel_layouts=stereo",
             profile->sample_rate, sound->samples, repairs, sound->settings.gain_db, limiter,
             av_get_sample_fmt_name(ingest_sample_format(profile)));
    return ingest_graph_open(&sound->graph, like, chain);
}

static int drain(struct ingest_sound *sound, ingest_take_sound *take, void *context)
{
    int result = 0;
    while ((result = ingest_graph_get(&sound->graph, sound->frame)) >= 0) {
        sound->samples += sound->frame->nb_samples;
        result = take(context, sound->frame);
        av_frame_unref(sound->frame);
        if (result < 0) {
            return result;
        }
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

int ingest_sound_put(struct ingest_sound *sound, AVFrame *frame, ingest_take_sound *take,
                     void *context)
{
    int result = 0;
    if (frame != NULL && !ingest_graph_fits(&sound->graph, frame)) {
        if (sound->graph.graph != NULL) {
            result = ingest_graph_put(&sound->graph, NULL);
            result = result < 0 ? result : drain(sound, take, context);
            ingest_graph_close(&sound->graph);
        }
        result = result < 0 ? result : open_graph(sound, frame);
    }
    if (result < 0 || sound->graph.graph == NULL) {
        return result;
    }
    result = ingest_graph_put(&sound->graph, frame);
    return result < 0 ? result : drain(sound, take, context);
}
