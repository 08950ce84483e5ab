import './style/theme.css';
import './style/page.css';
import './style/conversation.css';
import './style/modal.css';
import './style/blocks.css';
import './style/cloud.css';
import './style/tour.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { connect } from './live.ts';

const live = connect(`ws://${location.host}/live`);
const root = document.getElementById('page');
if (root !== null) render(<App live={live} />, root);
