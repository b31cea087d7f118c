import { parseSlash, type SlashAction } from '../core/slash-commands.ts';
import { t } from '../words/later.ts';
import type { App } from './app.ts';
import { checkName } from './check-name.ts';
import { explain } from './explain.ts';

/** Does what the text asks for. Answers what is to be sent, or undefined if it was a command. */
export function obey(app: App, room: string, text: string): Extract<SlashAction, { do: 'send' }> | undefined {
  const action = parseSlash(text);
  if (action.do === 'send') return action;
  void run(app, room, action).then((problem) => {
    if (problem === undefined) return;
    app.toasts.trouble(problem);
    app.composing.putBack(room, text);
  });
  return undefined;
}

/** Answers the reason if it was not done. */
async function run(
  app: App,
  room: string,
  action: Exclude<SlashAction, { do: 'send' }>,
): Promise<string | undefined> {
  switch (action.do) {
    case 'rename':
      return rename(app, action.name);
    case 'set topic':
      return app.roomActions.change({ room, topic: action.topic });
    case 'invite':
      return invite(app, room, action.name);
    case 'mute':
      if (action.ms !== null) return app.roomActions.mute(room, action.ms);
      app.dialog.value = { kind: 'room' };
      return undefined;
    case 'leave':
      app.dialog.value = { kind: 'leave' };
      return undefined;
    case 'help':
      app.dialog.value = { kind: 'shortcuts' };
      return undefined;
    case 'ask for more':
      return t('commandNeedsMore', { command: action.command });
    case 'say unknown':
      return action.nearest === undefined
        ? t('commandUnknown', { command: action.typed })
        : t('commandNearest', { command: action.typed, nearest: action.nearest });
    default:
      return action satisfies never;
  }
}

async function rename(app: App, typed: string): Promise<string | undefined> {
  const checked = checkName(typed);
  if (!checked.ok) return checked.problem;
  const answer = await app.account.name(checked.name);
  if (!answer.ok) return explain(answer);
  app.becameSomeone(answer.me);
  app.toasts.say(t('nameChanged', { name: answer.me.name }));
  return undefined;
}

async function invite(app: App, room: string, name: string | null): Promise<string | undefined> {
  if (name === null) {
    app.dialog.value = { kind: 'invite' };
    return undefined;
  }
  const answer = await app.ask('people', { like: name, limit: 5 });
  if (!answer.ok) return explain(answer);
  const person =
    answer.people.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? answer.people[0];
  return person ? app.roomActions.add(room, [person.id]) : t('nobodyLike');
}
