//! Where does the graduates' site begin? At the page a center serves to their phones.
import { mount } from 'svelte';
import Root from './my.svelte';
import './tokens.css';
import './base.css';

const target = document.getElementById('app');
if (target) mount(Root, { target });
