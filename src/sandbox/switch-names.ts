/** What can be made to go wrong from the page. */
export const switchNames = ['slow', 'throttled', 'failing', 'lost', 'cloud-outage', 'slack-outage'] as const;
export type SwitchName = (typeof switchNames)[number];
