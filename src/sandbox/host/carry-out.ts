import type { LocalSlack } from '../slack/local-slack.ts';
import type { Persona } from '../slack/persona.ts';
import type { ActionResult } from '../slack/persona-actions.ts';
import type { SubmitResult } from '../slack/persona-modal.ts';
import { CannotDo } from '../slack/refused.ts';
import { type Act, type Answer, Choice } from '../wire.ts';
import type { Rehearsal } from './rehearsal.ts';
import { personaNamed } from './slack-scene.ts';

const done: Answer = { outcome: 'ok' };

const ofAction = (result: ActionResult, slack: LocalSlack): Answer => {
  switch (result.outcome) {
    case 'ok':
    case 'cancelled':
      return done;
    case 'timeout':
    case 'error':
      return { outcome: result.outcome, why: slack.troubles.at(-1) ?? '' };
  }
};

const ofSubmission = (result: SubmitResult): Answer => {
  switch (result.outcome) {
    case 'errors':
      return { outcome: 'errors', errors: result.errors ?? {} };
    case 'trouble':
      return { outcome: 'trouble', why: 'We had some trouble connecting. Try again?' };
    case 'closed':
    case 'updated':
    case 'pushed':
    case 'cleared':
      return done;
  }
};

const press = async (persona: Persona, act: Extract<Act, { do: 'press' }>): Promise<ActionResult> => {
  const { spot, actionId, blockId, value } = act;
  const options = { blockId, ...(value !== undefined && { value }) };
  switch (spot.on) {
    case 'message':
      return persona.click(spot.place, spot.ts, actionId, options);
    case 'modal':
      return persona.press(actionId, options);
    case 'home':
      return persona.pressHome(actionId, options);
  }
};

const fill = async (persona: Persona, act: Extract<Act, { do: 'fill' }>): Promise<Answer> => {
  const { spot, blockId, value } = act;
  switch (spot.on) {
    case 'message':
      await persona.fillOn(spot.place, spot.ts, blockId, value);
      return done;
    case 'modal':
      await persona.fill(blockId, value);
      return done;
    case 'home':
      await persona.fillHome(blockId, value);
      return done;
  }
};

const suggest = async (persona: Persona, act: Extract<Act, { do: 'suggest' }>): Promise<Answer> => {
  const { spot, blockId, actionId, text } = act;
  const offer = (): Promise<Record<string, unknown>[]> => {
    switch (spot.on) {
      case 'message':
        return persona.suggestOn(spot.place, spot.ts, blockId, text, actionId);
      case 'modal':
        return persona.suggest(blockId, text, actionId);
      case 'home':
        return persona.suggestHome(blockId, text, actionId);
    }
  };
  return { outcome: 'ok', choices: (await offer()).map((option) => Choice.parse(option)) };
};

const perform = async (rehearsal: Rehearsal, as: string, act: Act): Promise<Answer> => {
  const { slack } = rehearsal.sandbox();
  const persona = slack.as(personaNamed(slack, as));
  switch (act.do) {
    case 'type':
      if (act.text.startsWith('/')) await persona.command(act.place, act.text);
      else persona.say(act.place, act.text);
      return done;
    case 'press':
      return ofAction(await press(persona, act), slack);
    case 'fill':
      return fill(persona, act);
    case 'suggest':
      return suggest(persona, act);
    case 'submit':
      return ofSubmission(await persona.submit());
    case 'close':
      await persona.close({ all: act.all });
      return done;
    case 'open-home':
      await persona.openHome(act.tab);
      return done;
    case 'switch':
      rehearsal.set(act.name, act.on);
      return done;
    case 'restart-bot':
      await rehearsal.restartBot();
      return done;
    case 'start-over':
      await rehearsal.startOver();
      return done;
    case 'play':
      await rehearsal.play();
      return done;
  }
};

/**
 * Carries out what a person did on the page. What cannot be done is answered in words.
 * @param as handle of the person
 */
export const carryOut = async (rehearsal: Rehearsal, as: string, act: Act): Promise<Answer> => {
  try {
    return await perform(rehearsal, as, act);
  } catch (error) {
    if (error instanceof CannotDo) return { outcome: 'cannot', why: error.message };
    throw error;
  }
};
