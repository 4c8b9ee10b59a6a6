//! Where does the console begin? At the page a center serves to browsers.
import { mount } from 'svelte';
import Root from './console.svelte';
import './tokens.css';
import './base.css';

const target = document.getElementById('app');
if (target) mount(Root, { target });
