/* SPDX-License-Identifier: MIT */
/*
 * si_replace: the table.  One line a replacement, in rising order; those of
 * one character in the order in which they are tried.  It is used only where
 * the charset lacks the character, so that most lines are for GB2312.
 */
#include "playout/si_replace.h"

static const struct si_replacement TABLE[] = {
    {0x00a1, 0x00a1, "!", "mark"},                             /* ¡ */
    {0x00a2, 0x00a2, "分", "cent"},                            /* ¢ */
    {0x00a3, 0x00a3, "￡", "full-width form"},                 /* £ */
    {0x00a5, 0x00a5, "￥", "full-width form"},                 /* ¥ */
    {0x00a9, 0x00a9, "(C)", "sign spelt"},                     /* © */
    {0x00ab, 0x00ab, "《", "Chinese form"},                    /* « */
    {0x00ae, 0x00ae, "(R)", "sign spelt"},                     /* ® */
    {0x00b2, 0x00b2, "2", "no superscripts"},                  /* ² */
    {0x00b3, 0x00b3, "3", "no superscripts"},                  /* ³ */
    {0x00b4, 0x00b4, "'", "mark"},                             /* ´ */
    {0x00b5, 0x00b5, "μ", "the Greek letter"},                 /* µ */
    {0x00b7, 0x00b7, "・", "the charset's middle dot (A1A4)"}, /* · */
    {0x00b9, 0x00b9, "1", "no superscripts"},                  /* ¹ */
    {0x00bb, 0x00bb, "》", "Chinese form"},                    /* » */
    {0x00bc, 0x00bc, "1/4", "fraction spelt"},                 /* ¼ */
    {0x00bd, 0x00bd, "1/2", "fraction spelt"},                 /* ½ */
    {0x00be, 0x00be, "3/4", "fraction spelt"},                 /* ¾ */
    {0x00bf, 0x00bf, "?", "mark"},                             /* ¿ */
    {0x00c0, 0x00c0, "A", "letter without its mark"},          /* À */
    {0x00c1, 0x00c1, "A", "letter without its mark"},          /* Á */
    {0x00c2, 0x00c2, "A", "letter without its mark"},          /* Â */
    {0x00c3, 0x00c3, "A", "letter without its mark"},          /* Ã */
    {0x00c4, 0x00c4, "A", "letter without its mark"},          /* Ä */
    {0x00c5, 0x00c5, "A", "letter without its mark"},          /* Å */
    {0x00c5, 0x00c5, "A", "the letter"},                       /* Å */
    {0x00c6, 0x00c6, "AE", "letters"},                         /* Æ */
    {0x00c7, 0x00c7, "C", "letter without its mark"},          /* Ç */
    {0x00c8, 0x00c8, "E", "letter without its mark"},          /* È */
    {0x00c9, 0x00c9, "E", "letter without its mark"},          /* É */
    {0x00ca, 0x00ca, "E", "letter without its mark"},          /* Ê */
    {0x00cb, 0x00cb, "E", "letter without its mark"},          /* Ë */
    {0x00cc, 0x00cc, "I", "letter without its mark"},          /* Ì */
    {0x00cd, 0x00cd, "I", "letter without its mark"},          /* Í */
    {0x00ce, 0x00ce, "I", "letter without its mark"},          /* Î */
    {0x00cf, 0x00cf, "I", "letter without its mark"},          /* Ï */
    {0x00d1, 0x00d1, "N", "letter without its mark"},          /* Ñ */
    {0x00d2, 0x00d2, "O", "letter without its mark"},          /* Ò */
    {0x00d3, 0x00d3, "O", "letter without its mark"},          /* Ó */
    {0x00d4, 0x00d4, "O", "letter without its mark"},          /* Ô */
    {0x00d5, 0x00d5, "O", "letter without its mark"},          /* Õ */
    {0x00d6, 0x00d6, "O", "letter without its mark"},          /* Ö */
    {0x00d8, 0x00d8, "O", "letter without its mark"},          /* Ø */
    {0x00d9, 0x00d9, "U", "letter without its mark"},          /* Ù */
    {0x00da, 0x00da, "U", "letter without its mark"},          /* Ú */
    {0x00db, 0x00db, "U", "letter without its mark"},          /* Û */
    {0x00dc, 0x00dc, "U", "letter without its mark"},          /* Ü */
    {0x00dd, 0x00dd, "Y", "letter without its mark"},          /* Ý */
    {0x00df, 0x00df, "ss", "letters"},                         /* ß */
    {0x00e2, 0x00e2, "a", "letter without its mark"},          /* â */
    {0x00e3, 0x00e3, "a", "letter without its mark"},          /* ã */
    {0x00e4, 0x00e4, "a", "letter without its mark"},          /* ä */
    {0x00e5, 0x00e5, "a", "letter without its mark"},          /* å */
    {0x00e6, 0x00e6, "ae", "letters"},                         /* æ */
    {0x00e7, 0x00e7, "c", "letter without its mark"},          /* ç */
    {0x00eb, 0x00eb, "e", "letter without its mark"},          /* ë */
    {0x00ee, 0x00ee, "i", "letter without its mark"},          /* î */
    {0x00ef, 0x00ef, "i", "letter without its mark"},          /* ï */
    {0x00f0, 0x00f0, "th", "phonetic letter"},                 /* ð */
    {0x00f1, 0x00f1, "n", "letter without its mark"},          /* ñ */
    {0x00f4, 0x00f4, "o", "letter without its mark"},          /* ô */
    {0x00f5, 0x00f5, "o", "letter without its mark"},          /* õ */
    {0x00f6, 0x00f6, "o", "letter without its mark"},          /* ö */
    {0x00f8, 0x00f8, "o", "letter without its mark"},          /* ø */
    {0x00fb, 0x00fb, "u", "letter without its mark"},          /* û */
    {0x00fd, 0x00fd, "y", "letter without its mark"},          /* ý */
    {0x00ff, 0x00ff, "y", "letter without its mark"},          /* ÿ */
    {0x0100, 0x0100, "A", "letter without its mark"},          /* Ā */
    {0x0112, 0x0112, "E", "letter without its mark"},          /* Ē */
    {0x011a, 0x011a, "E", "letter without its mark"},          /* Ě */
    {0x012a, 0x012a, "I", "letter without its mark"},          /* Ī */
    {0x0131, 0x0131, "i", "letter without its mark"},          /* ı */
    {0x0144, 0x0144, "n", "letter without its mark"},          /* ń */
    {0x0148, 0x0148, "n", "letter without its mark"},          /* ň */
    {0x014b, 0x014b, "ng", "phonetic letter"},                 /* ŋ */
    {0x014c, 0x014c, "O", "letter without its mark"},          /* Ō */
    {0x0152, 0x0152, "OE", "letters"},                         /* Œ */
    {0x0153, 0x0153, "oe", "letters"},                         /* œ */
    {0x0160, 0x0160, "S", "letter without its mark"},          /* Š */
    {0x0161, 0x0161, "s", "letter without its mark"},          /* š */
    {0x016a, 0x016a, "U", "letter without its mark"},          /* Ū */
    {0x017d, 0x017d, "Z", "letter without its mark"},          /* Ž */
    {0x017e, 0x017e, "z", "letter without its mark"},          /* ž */
    {0x01cd, 0x01cd, "A", "letter without its mark"},          /* Ǎ */
    {0x01cf, 0x01cf, "I", "letter without its mark"},          /* Ǐ */
    {0x01d1, 0x01d1, "O", "letter without its mark"},          /* Ǒ */
    {0x01d3, 0x01d3, "U", "letter without its mark"},          /* Ǔ */
    {0x01f9, 0x01f9, "n", "letter without its mark"},          /* ǹ */
    {0x0251, 0x0251, "a", "phonetic letter"},                  /* ɑ */
    {0x0252, 0x0252, "o", "phonetic letter"},                  /* ɒ */
    {0x0254, 0x0254, "o", "phonetic letter"},                  /* ɔ */
    {0x0259, 0x0259, "e", "phonetic letter"},                  /* ə */
    {0x025b, 0x025b, "e", "phonetic letter"},                  /* ɛ */
    {0x025c, 0x025c, "e", "phonetic letter"},                  /* ɜ */
    {0x0261, 0x0261, "g", "phonetic letter"},                  /* ɡ */
    {0x026a, 0x026a, "i", "phonetic letter"},                  /* ɪ */
    {0x0283, 0x0283, "sh", "phonetic letter"},                 /* ʃ */
    {0x028a, 0x028a, "u", "phonetic letter"},                  /* ʊ */
    {0x028c, 0x028c, "a", "phonetic letter"},                  /* ʌ */
    {0x0292, 0x0292, "zh", "phonetic letter"},                 /* ʒ */
    {0x02c8, 0x02c8, "'", "stress mark"},                      /* ˈ */
    {0x02cc, 0x02cc, ",", "stress mark"},                      /* ˌ */
    {0x02d0, 0x02d0, ":", "length mark"},                      /* ː */
    {0x0300, 0x036f, "", "combining mark: its letter stands alone"},
    {0x03d5, 0x03d5, "φ", "the Greek letter"},          /* ϕ */
    {0x2010, 0x2010, "-", "hyphen or dash of ASCII"},   /* ‐ */
    {0x2011, 0x2011, "-", "hyphen or dash of ASCII"},   /* ‑ */
    {0x2012, 0x2012, "-", "hyphen or dash of ASCII"},   /* ‒ */
    {0x2013, 0x2013, "-", "hyphen or dash of ASCII"},   /* – */
    {0x2014, 0x2014, "―", "the charset's dash (A1AA)"}, /* — */
    {0x2015, 0x2015, "—", "its twin"},                  /* ― */
    {0x2022, 0x2022, "・", "middle dot"},               /* • */
    {0x2022, 0x2022, "·", "middle dot"},                /* • */
    {0x2025, 0x2025, "…", "ellipsis"},                  /* ‥ */
    {0x2027, 0x2027, "・", "middle dot"},               /* ‧ */
    {0x2027, 0x2027, "·", "middle dot"},                /* ‧ */
    {0x2039, 0x2039, "〈", "Chinese form"},             /* ‹ */
    {0x203a, 0x203a, "〉", "Chinese form"},             /* › */
    {0x203c, 0x203c, "!!", "marks"},                    /* ‼ */
    {0x2044, 0x2044, "/", "slash"},                     /* ⁄ */
    {0x2049, 0x2049, "!?", "marks"},                    /* ⁉ */
    {0x2070, 0x2070, "0", "no superscripts"},           /* ⁰ */
    {0x2074, 0x2074, "4", "no superscripts"},           /* ⁴ */
    {0x2075, 0x2075, "5", "no superscripts"},           /* ⁵ */
    {0x2076, 0x2076, "6", "no superscripts"},           /* ⁶ */
    {0x2077, 0x2077, "7", "no superscripts"},           /* ⁷ */
    {0x2078, 0x2078, "8", "no superscripts"},           /* ⁸ */
    {0x2079, 0x2079, "9", "no superscripts"},           /* ⁹ */
    {0x207a, 0x207a, "+", "no superscripts"},           /* ⁺ */
    {0x207b, 0x207b, "-", "no superscripts"},           /* ⁻ */
    {0x207f, 0x207f, "n", "no superscripts"},           /* ⁿ */
    {0x2080, 0x2080, "0", "no subscripts"},             /* ₀ */
    {0x2081, 0x2081, "1", "no subscripts"},             /* ₁ */
    {0x2082, 0x2082, "2", "no subscripts"},             /* ₂ */
    {0x2083, 0x2083, "3", "no subscripts"},             /* ₃ */
    {0x2084, 0x2084, "4", "no subscripts"},             /* ₄ */
    {0x2085, 0x2085, "5", "no subscripts"},             /* ₅ */
    {0x2086, 0x2086, "6", "no subscripts"},             /* ₆ */
    {0x2087, 0x2087, "7", "no subscripts"},             /* ₇ */
    {0x2088, 0x2088, "8", "no subscripts"},             /* ₈ */
    {0x2089, 0x2089, "9", "no subscripts"},             /* ₉ */
    {0x208a, 0x208a, "+", "no subscripts"},             /* ₊ */
    {0x208b, 0x208b, "-", "no subscripts"},             /* ₋ */
    {0x2099, 0x2099, "n", "no subscripts"},             /* ₙ */
    {0x20ac, 0x20ac, "欧元", "euro"},                   /* € */
    {0x2105, 0x2105, "c/o", "sign spelt"},              /* ℅ */
    {0x2109, 0x2109, "华氏度", "degrees Fahrenheit"},   /* ℉ */
    {0x2113, 0x2113, "l", "litre"},                     /* ℓ */
    {0x2122, 0x2122, "TM", "sign spelt"},               /* ™ */
    {0x2126, 0x2126, "Ω", "ohm: the Greek letter"},     /* Ω */
    {0x212a, 0x212a, "K", "kelvin"},                    /* K */
    {0x212b, 0x212b, "A", "angstrom"},                  /* Å */
    {0x2153, 0x2153, "1/3", "fraction spelt"},          /* ⅓ */
    {0x2154, 0x2154, "2/3", "fraction spelt"},          /* ⅔ */
    {0x2155, 0x2155, "1/5", "fraction spelt"},          /* ⅕ */
    {0x2156, 0x2156, "2/5", "fraction spelt"},          /* ⅖ */
    {0x2157, 0x2157, "3/5", "fraction spelt"},          /* ⅗ */
    {0x2158, 0x2158, "4/5", "fraction spelt"},          /* ⅘ */
    {0x2159, 0x2159, "1/6", "fraction spelt"},          /* ⅙ */
    {0x215b, 0x215b, "1/8", "fraction spelt"},          /* ⅛ */
    {0x215c, 0x215c, "3/8", "fraction spelt"},          /* ⅜ */
    {0x215d, 0x215d, "5/8", "fraction spelt"},          /* ⅝ */
    {0x215e, 0x215e, "7/8", "fraction spelt"},          /* ⅞ */
    {0x2170, 0x2170, "i", "small Roman number"},        /* ⅰ */
    {0x2171, 0x2171, "ii", "small Roman number"},       /* ⅱ */
    {0x2172, 0x2172, "iii", "small Roman number"},      /* ⅲ */
    {0x2173, 0x2173, "iv", "small Roman number"},       /* ⅳ */
    {0x2174, 0x2174, "v", "small Roman number"},        /* ⅴ */
    {0x2175, 0x2175, "vi", "small Roman number"},       /* ⅵ */
    {0x2176, 0x2176, "vii", "small Roman number"},      /* ⅶ */
    {0x2177, 0x2177, "viii", "small Roman number"},     /* ⅷ */
    {0x2178, 0x2178, "ix", "small Roman number"},       /* ⅸ */
    {0x2179, 0x2179, "x", "small Roman number"},        /* ⅹ */
    {0x2194, 0x2194, "←→", "both arrows"},              /* ↔ */
    {0x21cc, 0x21cc, "=", "equilibrium"},               /* ⇌ */
    {0x21d2, 0x21d2, "=>", "arrow spelt"},              /* ⇒ */
    {0x21d4, 0x21d4, "<=>", "arrow spelt"},             /* ⇔ */
    {0x2205, 0x2205, "空集", "the empty set"},          /* ∅ */
    {0x2206, 0x2206, "△", "triangle"},                  /* ∆ */
    {0x2212, 0x2212, "-", "minus"},                     /* − */
    {0x2215, 0x2215, "/", "slash"},                     /* ∕ */
    {0x2217, 0x2217, "*", "star"},                      /* ∗ */
    {0x2218, 0x2218, "°", "degree"},                    /* ∘ */
    {0x2219, 0x2219, "・", "middle dot"},               /* ∙ */
    {0x2219, 0x2219, "·", "middle dot"},                /* ∙ */
    {0x2223, 0x2223, "|", "bar"},                       /* ∣ */
    {0x223c, 0x223c, "～", "tilde"},                    /* ∼ */
    {0x2245, 0x2245, "≌", "congruent"},                 /* ≅ */
    {0x2252, 0x2252, "≈", "about equal"},               /* ≒ */
    {0x2266, 0x2266, "≤", "the other form"},            /* ≦ */
    {0x2267, 0x2267, "≥", "the other form"},            /* ≧ */
    {0x22bf, 0x22bf, "△", "triangle"},                  /* ⊿ */
    {0x22c5, 0x22c5, "・", "middle dot"},               /* ⋅ */
    {0x22c5, 0x22c5, "·", "middle dot"},                /* ⋅ */
    {0x22ef, 0x22ef, "…", "ellipsis"},                  /* ⋯ */
    {0x246a, 0x246a, "(11)", "number in a circle"},     /* ⑪ */
    {0x246b, 0x246b, "(12)", "number in a circle"},     /* ⑫ */
    {0x246c, 0x246c, "(13)", "number in a circle"},     /* ⑬ */
    {0x246d, 0x246d, "(14)", "number in a circle"},     /* ⑭ */
    {0x246e, 0x246e, "(15)", "number in a circle"},     /* ⑮ */
    {0x246f, 0x246f, "(16)", "number in a circle"},     /* ⑯ */
    {0x2470, 0x2470, "(17)", "number in a circle"},     /* ⑰ */
    {0x2471, 0x2471, "(18)", "number in a circle"},     /* ⑱ */
    {0x2472, 0x2472, "(19)", "number in a circle"},     /* ⑲ */
    {0x2473, 0x2473, "(20)", "number in a circle"},     /* ⑳ */
    {0x25aa, 0x25aa, "・", "bullet"},                   /* ▪ */
    {0x25aa, 0x25aa, "·", "bullet"},                    /* ▪ */
    {0x2600, 0x2600, "晴", "weather"},                  /* ☀ */
    {0x2665, 0x2665, "", "ornament"},                   /* ♥ */
    {0x266a, 0x266a, "", "ornament"},                   /* ♪ */
    {0x266b, 0x266b, "", "ornament"},                   /* ♫ */
    {0x2700, 0x2712, "", "ornament: dingbats"},
    {0x2713, 0x2714, "√", "tick"},
    {0x2715, 0x2718, "×", "cross"},
    {0x2719, 0x2755, "", "ornament: dingbats"},
    {0x2776, 0x2776, "(1)", "number in a circle"},            /* ❶ */
    {0x2777, 0x2777, "(2)", "number in a circle"},            /* ❷ */
    {0x2778, 0x2778, "(3)", "number in a circle"},            /* ❸ */
    {0x2779, 0x2779, "(4)", "number in a circle"},            /* ❹ */
    {0x277a, 0x277a, "(5)", "number in a circle"},            /* ❺ */
    {0x277b, 0x277b, "(6)", "number in a circle"},            /* ❻ */
    {0x277c, 0x277c, "(7)", "number in a circle"},            /* ❼ */
    {0x277d, 0x277d, "(8)", "number in a circle"},            /* ❽ */
    {0x277e, 0x277e, "(9)", "number in a circle"},            /* ❾ */
    {0x277f, 0x277f, "(10)", "number in a circle"},           /* ❿ */
    {0x2b50, 0x2b50, "★", "star"},                            /* ⭐ */
    {0x3007, 0x3007, "○", "the figure nought, as in years"},  /* 〇 */
    {0x3007, 0x3007, "零", "the figure nought, as in years"}, /* 〇 */
    {0x301c, 0x301c, "～", "full-width tilde"},               /* 〜 */
    {0x301d, 0x301d, "“", "quotation mark"},                  /* 〝 */
    {0x301e, 0x301e, "”", "quotation mark"},                  /* 〞 */
    {0x301f, 0x301f, "”", "quotation mark"},                  /* 〟 */
    {0x30fb, 0x30fb, "·", "middle dot of GBK (A1A4)"},        /* ・ */
    {0x32a3, 0x32a3, "(正)", "sign spelt"},                   /* ㊣ */
    {0x338e, 0x338e, "毫克", "unit spelt"},                   /* ㎎ */
    {0x338f, 0x338f, "千克", "unit spelt"},                   /* ㎏ */
    {0x3396, 0x3396, "毫升", "unit spelt"},                   /* ㎖ */
    {0x339c, 0x339c, "毫米", "unit spelt"},                   /* ㎜ */
    {0x339d, 0x339d, "厘米", "unit spelt"},                   /* ㎝ */
    {0x339e, 0x339e, "千米", "unit spelt"},                   /* ㎞ */
    {0x33a0, 0x33a0, "平方厘米", "unit spelt"},               /* ㎠ */
    {0x33a1, 0x33a1, "平方米", "unit spelt"},                 /* ㎡ */
    {0x33a2, 0x33a2, "平方千米", "unit spelt"},               /* ㎢ */
    {0x33a4, 0x33a4, "立方厘米", "unit spelt"},               /* ㎤ */
    {0x33a5, 0x33a5, "立方米", "unit spelt"},                 /* ㎥ */
    {0x33c4, 0x33c4, "毫升", "unit spelt"},                   /* ㏄ */
    {0x33d1, 0x33d1, "ln", "unit spelt"},                     /* ㏑ */
    {0x33d2, 0x33d2, "log", "unit spelt"},                    /* ㏒ */
    {0x5167, 0x5167, "内", "variant or near character"},      /* 內 */
    {0x51c3, 0x51c3, "涂", "variant or near character"},      /* 凃 */
    {0x524b, 0x524b, "克", "variant or near character"},      /* 剋 */
    {0x537d, 0x537d, "即", "variant or near character"},      /* 卽 */
    {0x5570, 0x5570, "罗", "variant or near character"},      /* 啰 */
    {0x5586, 0x5586, "哲", "variant or near character"},      /* 喆 */
    {0x56cd, 0x56cd, "双喜", "variant or near character"},    /* 囍 */
    {0x56e7, 0x56e7, "窘", "variant or near character"},      /* 囧 */
    {0x579a, 0x579a, "尧", "variant or near character"},      /* 垚 */
    {0x5803, 0x5803, "坤", "variant or near character"},      /* 堃 */
    {0x5d10, 0x5d10, "昆", "variant or near character"},      /* 崐 */
    {0x5d11, 0x5d11, "昆", "variant or near character"},      /* 崑 */
    {0x5d19, 0x5d19, "仑", "variant or near character"},      /* 崙 */
    {0x5dbd, 0x5dbd, "岳", "variant or near character"},      /* 嶽 */
    {0x5f37, 0x5f37, "强", "variant or near character"},      /* 強 */
    {0x6236, 0x6236, "户", "variant or near character"},      /* 戶 */
    {0x654e, 0x654e, "教", "variant or near character"},      /* 敎 */
    {0x6607, 0x6607, "升", "variant or near character"},      /* 昇 */
    {0x6673, 0x6673, "皙", "variant or near character"},      /* 晳 */
    {0x6936, 0x6936, "棕", "variant or near character"},      /* 椶 */
    {0x6c3e, 0x6c3e, "泛", "variant or near character"},      /* 氾 */
    {0x6de9, 0x6de9, "凌", "variant or near character"},      /* 淩 */
    {0x6df8, 0x6df8, "清", "variant or near character"},      /* 淸 */
    {0x6eab, 0x6eab, "温", "variant or near character"},      /* 溫 */
    {0x7287, 0x7287, "奔", "variant or near character"},      /* 犇 */
    {0x7522, 0x7522, "产", "variant or near character"},      /* 產 */
    {0x7526, 0x7526, "苏", "variant or near character"},      /* 甦 */
    {0x771e, 0x771e, "真", "variant or near character"},      /* 眞 */
    {0x77ad, 0x77ad, "了", "variant or near character"},      /* 瞭 */
    {0x7947, 0x7947, "只", "variant or near character"},      /* 祇 */
    {0x7c64, 0x7c64, "签", "variant or near character"},      /* 籤 */
    {0x7ca6, 0x7ca6, "磷", "variant or near character"},      /* 粦 */
    {0x83d3, 0x83d3, "果", "variant or near character"},      /* 菓 */
    {0x8aaa, 0x8aaa, "说", "variant or near character"},      /* 說 */
    {0x8ffa, 0x8ffa, "乃", "variant or near character"},      /* 迺 */
    {0x90a8, 0x90a8, "村", "variant or near character"},      /* 邨 */
    {0x9394, 0x9394, "熔", "variant or near character"},      /* 鎔 */
    {0x9555, 0x9555, "熔", "variant or near character"},      /* 镕 */
    {0x965e, 0x965e, "升", "variant or near character"},      /* 陞 */
    {0x9751, 0x9751, "青", "variant or near character"},      /* 靑 */
    {0x982b, 0x982b, "俯", "variant or near character"},      /* 頫 */
    {0x9ec3, 0x9ec3, "黄", "variant or near character"},      /* 黃 */
    {0x1f000, 0x1faff, "", "pictures: emoji"},
};

enum { TABLE_COUNT = sizeof(TABLE) / sizeof(TABLE[0]) };

const struct si_replacement *si_replace_table(size_t *count)
{
    *count = TABLE_COUNT;
    return TABLE;
}

const struct si_replacement *si_replace_find(uint32_t character, size_t *count)
{
    size_t low = 0;
    size_t high = TABLE_COUNT;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (TABLE[middle].last < character) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t found = 0;
    while (low + found < TABLE_COUNT && TABLE[low + found].first <= character) {
        found++;
    }
    *count = found;
    return found > 0 ? &TABLE[low] : NULL;
}
