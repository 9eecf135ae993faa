/* SPDX-License-Identifier: MIT */
/*
 * Parameter sets of video: whatever the bytes, numbers that the buffers can
 * reckon with, or none.
 *
 * The first byte says of which coding; of the rest, `size` bytes are read.
 */
#include "tools/meter/avc_scan.h"
#include "tools/meter/hevc_scan.h"
#include "tools/meter/mpeg2_scan.h"
#include "tools/meter/rate_scan.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int is_so)
{
    if (!is_so) {
        abort();
    }
}

/* Fills all buffers at the greatest rate, once beyond what they hold. */
static void try_model(const struct tstd_model *found)
{
    struct tstd_model model = *found;
    struct ts_report *report = ts_report_create(NULL, 0);
    require(report != NULL);
    model.rate_bps = RATE_MAX_BPS;
    require(model.rx_bps > 0 && model.rbx_bps > 0 && model.b_size >= 0 && model.mb_size > 0);
    struct tstd *tstd = tstd_create(&model, report);
    require(tstd != NULL);
    tstd_unit(tstd, 0, 1000000);
    tstd_feed(tstd, 0, 1 << 20, TSTD_DATA, 0);
    tstd_unit(tstd, 1, 2000000);
    tstd_feed(tstd, 1 << 20, 1 << 20, TSTD_DATA, 1);
    tstd_finish(tstd, 2);
    const struct tstd_peaks peaks = tstd_peaks(tstd);
    require(peaks.tb >= 0 && peaks.mb >= 0 && peaks.b >= 0);
    tstd_destroy(tstd);
    ts_report_destroy(report);
}

static void try_avc(const uint8_t *bytes, size_t size)
{
    struct avc_sps sps;
    struct tstd_model model = {0};
    if (avc_sps_parse(bytes, size, &sps) == 0) {
        require(sps.width > 0 && sps.height > 0 && sps.frame_ticks >= 0);
        if (avc_model(&sps, &model) == 0) {
            try_model(&model);
        }
    }
}

static void try_hevc(const uint8_t *bytes, size_t size)
{
    struct hevc_sps sps;
    const struct hevc_timing none = {0};
    struct tstd_model model = {0};
    if (hevc_sps_parse(bytes, size, &sps) == 0) {
        require(sps.width > 0 && sps.height > 0 && sps.timing.frame_ticks >= 0);
        if (hevc_model(&sps, &none, &model) == 0) {
            try_model(&model);
        }
    }
}

static void try_vps(const uint8_t *bytes, size_t size)
{
    const struct hevc_sps sps = {.profile_idc = 1, .level_idc = 153};
    struct hevc_timing timing;
    struct tstd_model model = {0};
    if (hevc_vps_parse(bytes, size, &timing) == 0 && hevc_model(&sps, &timing, &model) == 0) {
        try_model(&model);
    }
}

static void try_mpeg2(const uint8_t *bytes, size_t size)
{
    struct mpeg2_sequence sequence;
    struct tstd_model model = {0};
    if (mpeg2_sequence_parse(bytes, size, &sequence) == 0) {
        require(sequence.width > 0 && sequence.height > 0 && sequence.frame_ticks >= 0);
        if (mpeg2_model(&sequence, &model) == 0) {
            try_model(&model);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const TRIES[])(const uint8_t *, size_t) = {try_avc, try_hevc, try_vps, try_mpeg2};
    if (size > 0) {
        TRIES[data[0] % (sizeof(TRIES) / sizeof(TRIES[0]))](data + 1, size - 1);
    }
    return 0;
}
