/**
 * The passwords that lists of leaked ones begin with, as far as they are long enough to be asked for here: most are a
 * common word or two and a common end, so that is how they are kept.
 */

/** As they are: rows of keys, numbers, and phrases. */
const WHOLE = (
  '0123456789 1234567890 12345678910 123456789a 123456789q 12345678900 1234567891 123456789123 12345678901 ' +
  '123456789012 1234567890a 123456789abc 1234567899 123456789z 12345678911 123123123123 1231231234 1234554321 ' +
  '12344321 1234512345 123456123456 1234567812345678 1020304050 1112131415 1029384756 0123456789a 0987654321 ' +
  '098765432100 9876543210 987654321a 98765432100 1122334455 112233445566 11223344556677 1357924680 2468101214 ' +
  '1472583690 147258369a 1597534682 7894561230 789456123a 7418529630 741852963a 9638527410 3216549870 ' +
  '1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc ' +
  'zaq12wsxcde3 zaq1xsw2cde3 q1w2e3r4t5 q1w2e3r4t5y6 q1w2e3r4t5y6u7 qwertyuiop qwertyuiop1 qwertyuiop123 ' +
  'qwertyuiop[] qwertyuiopasdfghjkl qwertyqwerty qwerqwerqwer qwert12345 qwert123456 qwer123456 qwertz12345 ' +
  'qwertzuiop azertyuiop azerty1234 azerty12345 azerty123456 qazwsxedcrfv qazwsxedc123 qazwsx1234 ' +
  'asdfghjkl1 asdfghjkl; asdfghjkl123 asdfasdfasdf asdfqwer1234 asdf123456 asdfgh12345 zxcvbnm123 zxcvbnm1234 ' +
  'zxcvbnmasdfghjkl zxcvbnm,./ poiuytrewq lkjhgfdsa1 mnbvcxz123 1234qwerasdf 12345qwert 123456qwerty 123qweasdzxc ' +
  '123qwe123qwe qweasdzxc123 qweasd123456 qwe123qwe123 a123456789 a1234567890 a12345678910 a1b2c3d4e5 ' +
  'a1b2c3d4e5f6 aa123456789 aa12345678 as123456789 abc1234567 abc123456789 abcd123456 abcd12345678 abcde12345 ' +
  'abcdef1234 abcdef12345 abcdef123456 abcdefg123 abcdefg1234567 abcdefghij abcdefghijk abcdefghijklmnop ' +
  'abc123abc123 z123456789 q123456789 w123456789 s123456789 m123456789 qq123456789 asd123456789 ' +
  'p@ssw0rd123 p@ssword123 p@ssw0rd1234 pa$$word123 pa55word123 passw0rd123 passw0rd1234 pass123456 ' +
  'pass1234567 password!23 passwordpassword password01! password1! passphrase mypassword mypassword1 ' +
  'yourpassword newpassword oldpassword thepassword secretpassword nopassword nopassword1 changepassword ' +
  'defaultpassword temppassword temporary123 letmeinnow letmeinplease opensesame correcthorse ' +
  'correcthorsebattery correcthorsebatterystaple trustno1trustno1 iloveyouforever iloveyousomuch iloveyoubaby ' +
  'iloveyou2much ilovemyself ilovemymom ilovejesus jesuschrist jesussaves godisgood godblessyou lovelovelove ' +
  'foreverlove babygirl123 whatthefuck fuckyoufuckyou fuckyou123 fuckoff123 whateverwhatever nothingnothing ' +
  'idontknow123 idontknowit rememberme forgetmenot justinbieber michaeljordan cristiano7 ronaldo123 messi12345 ' +
  'slipknot666 metallica666 blink182blink182 linkinpark1 greenday123 halflife2hl2 counterstrike worldofwarcraft ' +
  'leagueoflegends minecraft123 pokemon1234 dragonball1 dragonballz naruto1234 narutouzumaki starwars123 ' +
  'harrypotter harrypotter1 lordoftherings gandalf123 hellokitty1 spiderman123 batman12345 superman1234 ' +
  'winniethepooh mickeymouse tinkerbell1 spongebob1 scoobydoo123 manchester manchesterunited manutd1234 ' +
  'liverpoolfc liverpool1 arsenal1234 chelseafc123 barcelona1 realmadrid realmadrid1 juventus123 ' +
  'basketball baseball123 volleyball skateboard snowboarding swordfish1 butterfly1 butterfly123 strawberry ' +
  'strawberry1 watermelon chocolate1 chocolate123 cheesecake blackberry raspberry123 pineapple1 cinnamon123 ' +
  'california newyorkcity washington christopher alexander1 alexandria elizabeth1 elizabeth123 stephanie1 ' +
  'jacqueline jessica123 jennifer12 michelle123 charlotte1 sebastian1 maximilian valentina1 valentina123 ' +
  'francesca1 alejandro1 alejandra1 estrella123 contraseña contrasena contrasena1 motdepasse motdepasse1 ' +
  'motdepasse123 passwort123 passwort1234 geheim12345 ichliebedich schatz12345 hallo12345 hallo123456 ' +
  'teamo12345 teamomucho tequiero123 jetaime123 doudou1234 soleil1234 bonjour123 loulou1234 marseille13 ' +
  'administrator administrator1 adminadmin adminadmin123 admin12345 admin123456 root123456 rootroot123 ' +
  'rootpassword superuser123 testtest123 testpassword test123456 test1234567 tester12345 testing123 ' +
  'testing1234 guestguest guest12345 useruser123 user123456 userpassword default123 demo123456 demodemo123 ' +
  'internet123 computer123 computer1234 samsung123 samsung1234 microsoft1 windows123 google12345 facebook123 ' +
  'facebook1234 youtube123 twitter123 instagram1 linkedin123 hotmail123 yahoo12345 gmail12345 myspace123 ' +
  'company123 company1234 business123 raspberrypi ubnt123456 cisco12345 oracle12345 vagrant123 server12345 ' +
  'database123 websocket123 socketio123 chatchat123 chatroom123 chatpassword'
).split(' ');

const WORDS = (
  'password passwort welcome iloveyou letmein monkey dragon sunshine princess football baseball superman batman ' +
  'shadow master michael jordan jessica charlie daniel thomas andrew ashley nicole hunter summer winter spring ' +
  'autumn flower freedom whatever liverpool arsenal chelsea barcelona starwars pokemon naruto computer internet ' +
  'samsung secret login changeme qwerty qwertz azerty asdfgh zxcvbn admin hello killer soccer hockey cookie pepper ' +
  'ginger tigger buster maggie purple orange yellow banana cheese chocolate'
).split(' ');

const ENDS = '1 12 123 1234 12345 123456 1! 123! ! !! 01 007 69 99 2023 2024 2025 2026'.split(' ');

const COMMON: ReadonlySet<string> = new Set(WHOLE);
const BEGINNINGS: ReadonlySet<string> = new Set(WORDS);

/** `plain` is in small letters. */
export function isCommonPassword(plain: string): boolean {
  if (COMMON.has(plain)) return true;
  return ENDS.some((end) => plain.endsWith(end) && isWords(plain.slice(0, -end.length))) || isWords(plain);
}

/** A common word, once or twice. */
function isWords(text: string): boolean {
  const half = text.slice(0, text.length / 2);
  return BEGINNINGS.has(text) || (half + half === text && BEGINNINGS.has(half));
}
