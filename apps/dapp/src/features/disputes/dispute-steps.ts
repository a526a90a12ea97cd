import { phaseOf, type DisputePhase } from '@hamster/chain-client/market';
import type { Formats, Step } from '@hamster/ui';
import type { Dispute } from '../../chain/types.ts';

type Translate = (key: string, values?: Record<string, unknown>) => string;
type State = Step['state'];

const ORDER: readonly DisputePhase[] = ['voting', 'showing', 'counting', 'decided'];

interface Means {
  readonly t: Translate;
  readonly format: Pick<Formats, 'duration' | 'ham' | 'moment'>;
  /** The chain's time, ms. */
  readonly now: number;
}

/** A dispute from its opening to the decision, with the deadlines of what is still to come. */
export function stepsOf(dispute: Dispute, { t, format, now }: Means): Step[] {
  const phase = phaseOf(dispute, now);
  const stateAt = (at: DisputePhase): State => {
    const distance = ORDER.indexOf(phase) - ORDER.indexOf(at);
    return distance > 0 ? 'done' : distance === 0 ? 'current' : 'waiting';
  };
  const { committed, revealed, commitUntil, revealUntil, decision } = dispute;
  const counts = { committed, revealed, panel: dispute.panel.length };
  const left = (until: number): string => format.duration(until - now);
  return [
    {
      id: 'opened',
      title: t('dispute.steps.opened', { when: format.moment(dispute.openedAt) }),
      text: t('dispute.steps.openedText', { deposit: format.ham(dispute.deposit) }),
      state: 'done',
    },
    {
      id: 'voting',
      title: t('dispute.steps.voting'),
      text:
        phase === 'voting'
          ? t('dispute.steps.votingText', { ...counts, span: left(commitUntil) })
          : t('dispute.steps.votingOver', counts),
      state: stateAt('voting'),
    },
    {
      id: 'showing',
      title: t('dispute.steps.showing'),
      text:
        phase === 'voting'
          ? t('dispute.steps.showingFrom', { when: format.moment(commitUntil) })
          : t('dispute.steps.showingText', { ...counts, span: left(revealUntil) }),
      state: stateAt('showing'),
    },
    {
      id: 'decided',
      title: decision ? t(`dispute.verdicts.${decision.verdict}`) : t('dispute.steps.decided'),
      text:
        phase === 'counting'
          ? t('dispute.steps.counting')
          : t('dispute.steps.decidedBy', { when: format.moment(revealUntil) }),
      state: phase === 'counting' ? 'current' : stateAt('decided'),
    },
  ];
}
