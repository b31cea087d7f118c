/** What `:shortcodes:` in messages stand for. The usual ones are known at once, the rest when all emoji are loaded. */
import { type EmojiSet, inTone, loadEmoji } from './emoji.ts';

const USUAL = new Map(
  `+1 👍 -1 👎 100 💯 8ball 🎱 alarm_clock ⏰ angel 👼 angry 😠 apple 🍎 art 🎨 astonished 😲 balloon 🎈 banana 🍌 beer 🍺 beers 🍻
  birthday 🎂 blue_heart 💙 blush 😊 bomb 💣 book 📖 books 📚 boom 💥 bow 🙇 broken_heart 💔 bug 🐛 bulb 💡 calendar 📆 car 🚗
  cat 🐱 champagne 🍾 checkered_flag 🏁 cherry_blossom 🌸 christmas_tree 🎄 clap 👏 clinking_glasses 🥂 clown_face 🤡 coffee ☕ cold_face 🥶
  computer 💻 confetti_ball 🎊 confounded 😖 confused 😕 construction 🚧 cookie 🍪 cool 🆒 cow 🐮 crossed_fingers 🤞 crown 👑 cry 😢
  crying_cat_face 😿 dancer 💃 disappointed 😞 dizzy 💫 dizzy_face 😵 dog 🐶 eggplant 🍆 exclamation ❗ exploding_head 🤯 expressionless 😑
  eyes 👀 facepalm 🤦 fearful 😨 fire 🔥 fist ✊ flushed 😳 four_leaf_clover 🍀 frowning_face ☹️ game_die 🎲 gem 💎 ghost 👻 gift 🎁 green_heart 💚
  grimacing 😬 grin 😁 grinning 😀 hamburger 🍔 hammer 🔨 hamster 🐹 handshake 🤝 hatching_chick 🐣 heart ❤️ heart_eyes 😍 heartbeat 💓 hear_no_evil 🙉
  heavy_check_mark ✔️ herb 🌿 hot_face 🥵 hourglass ⌛ house 🏠 hugs 🤗 hushed 😯 ice_cream 🍨 innocent 😇 joy 😂 key 🔑 kiss 💋 kissing_heart 😘
  laughing 😆 link 🔗 lock 🔒 loudspeaker 📢 lying_face 🤥 mag 🔍 mask 😷 melting_face 🫠 memo 📝 metal 🤘 moneybag 💰 money_mouth_face 🤑 monkey 🐒
  moon 🌔 muscle 💪 musical_note 🎵 nauseated_face 🤢 nerd_face 🤓 neutral_face 😐 new 🆕 no_entry ⛔ no_mouth 😶 notes 🎶 ok 🆗 ok_hand 👌
  open_mouth 😮 orange_heart 🧡 package 📦 palm_tree 🌴 panda_face 🐼 partying_face 🥳 pencil2 ✏️ penguin 🐧 pensive 😔 phone ☎️ pig 🐷 pizza 🍕
  pleading_face 🥺 point_down 👇 point_left 👈 point_right 👉 point_up ☝️ poop 💩 popcorn 🍿 pray 🙏 purple_heart 💜 pushpin 📌 question ❓ rage 😡
  rainbow 🌈 raised_eyebrow 🤨 raised_hand ✋ raised_hands 🙌 recycle ♻️ relaxed ☺️ relieved 😌 robot 🤖 rocket 🚀 rofl 🤣 roll_eyes 🙄 rose 🌹
  rotating_light 🚨 salt 🧂 saluting_face 🫡 santa 🎅 scream 😱 see_no_evil 🙈 seedling 🌱 ship 🚢 shrug 🤷 skull 💀 sleeping 😴 slightly_smiling_face 🙂 smile 😄
  smiley 😃 smiling_face_with_three_hearts 🥰 smirk 😏 sneezing_face 🤧 snowflake ❄️ snowman ⛄ sob 😭 soccer ⚽ sparkles ✨ sparkling_heart 💖
  speak_no_evil 🙊 speech_balloon 💬 star ⭐ star2 🌟 star_struck 🤩 stop_sign 🛑 stuck_out_tongue 😛 stuck_out_tongue_winking_eye 😜 sun_with_face 🌞
  sunflower 🌻 sunglasses 😎 sunny ☀️ sweat 😓 sweat_drops 💦 sweat_smile 😅 tada 🎉 tea 🍵 telephone_receiver 📞 thinking 🤔 thought_balloon 💭 thumbsdown 👎
  thumbsup 👍 tired_face 😫 tomato 🍅 triumph 😤 trophy 🏆 turtle 🐢 tv 📺 two_hearts 💕 umbrella ☔ unamused 😒 unicorn 🦄 upside_down_face 🙃 v ✌️
  vomiting_face 🤮 wastebasket 🗑️ wave 👋 weary 😩 white_check_mark ✅ wine_glass 🍷 wink 😉 woozy_face 🥴 worried 😟 wrench 🔧 x ❌ yawning_face 🥱
  yellow_heart 💛 yum 😋 zany_face 🤪 zap ⚡ zipper_mouth_face 🤐 zzz 💤`
    .split(/\s+(?=[a-z0-9+-])/u)
    .map((pair) => pair.split(' ') as [shortcode: string, emoji: string]),
);

let all: EmojiSet | undefined;

/** Gives the emoji, or undefined: it is unknown, or not known yet. */
export function emojiOf(shortcode: string): string | undefined {
  return USUAL.get(shortcode.toLowerCase()) ?? all?.byShortcode(shortcode);
}

export interface FoundEmoji {
  readonly emoji: string;
  readonly shortcode: string;
}

/** Finds emoji by what is typed behind a colon, in English or this language, and knows all shortcodes from then on. */
export async function findEmoji(
  like: string,
  most: number,
  language?: string,
  tone = 0,
): Promise<FoundEmoji[]> {
  all = await loadEmoji(language);
  return all.find(like, most).map((found) => {
    const { shortcodes } = found;
    const shortcode = shortcodes.find((code) => code.startsWith(like.toLowerCase())) ?? shortcodes[0];
    return { emoji: inTone(found, tone), shortcode: shortcode ?? '' };
  });
}

/** The text with emoji for the shortcodes that are known, as it is sent. What stands in code is left alone. */
export function replaceShortcodes(text: string): string {
  return text.replace(
    /(`+)[^`][\s\S]*?\1|(?<!\w):([a-z0-9_+-]{1,40}):/giu,
    (whole, _code: string | undefined, shortcode: string | undefined) =>
      shortcode === undefined ? whole : (emojiOf(shortcode) ?? whole),
  );
}
