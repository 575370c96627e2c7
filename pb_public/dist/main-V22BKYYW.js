import{$a as ee,$b as St,A as Ue,Aa as Xe,Ab as ht,B as ze,Ba as Ze,C as N,Ca as ue,D as R,Da as me,Dc as Ot,E as D,Ea as I,Ec as It,F as Ke,Fa as z,G as ye,Ga as et,Gc as qt,H as X,Ha as q,Hc as _t,Ia as tt,Ja as fe,Ka as ot,Kb as gt,La as pe,Lb as vt,Ma as be,Mb as we,Na as Z,Nb as te,Oa as T,Ob as Se,Oc as j,P as je,Pc as M,Qc as ge,Ra as rt,S as We,Sa as nt,Sc as Le,Ta as g,Tb as ke,Tc as Nt,Ua as de,Ub as yt,Uc as Dt,Va as K,Vc as Ht,Wa as P,Xc as Ut,Yb as he,Yc as zt,Zb as bt,Zc as Kt,_a as it,_b as wt,_c as _,ab as st,ac as kt,ad as jt,b as Oe,bc as xt,bd as Wt,c as v,cb as at,cc as Ct,d as y,da as Ve,db as lt,dc as Tt,e as B,f as k,fa as ne,fd as W,g as Ie,ga as Ge,gb as ct,gc as Lt,gd as Vt,hb as ut,hc as Ft,ia as ie,ic as Bt,j as qe,jc as At,jd as Gt,kb as mt,l as _e,la as se,lb as ft,m as r,ma as Ye,mb as pt,mc as L,n as p,na as Je,nc as Et,o as ve,pa as ae,sc as xe,t as re,ta as H,tc as Rt,u as Ne,uc as Ce,v as De,vc as Pt,w as He,wa as le,wb as dt,wc as Mt,x as S,xa as x,xb as $e,y as Q,ya as ce,yb as $t,yc as oe,za as Qe,zc as Te}from"./chunk-2TKESNKW.js";function Yt({workspace:e,current:t}){if(e.connections.loaded.value&&!e.uploadsByHand&&!t)return null;let o=e.yourTurn.length;return r`
		<a href=${S("/upload")} aria-current=${t}>To upload${o>0&&r`${" "}<span class="count">${o}<span class="hidden"> waiting</span></span>`}</a>`}function Fe({label:e,value:t="",onChoose:o}){let n=k(null),s=k(0),i=()=>{n.current&&n.current.value!==t&&(n.current.value=t)};return y(i,[t]),r`<label>${e}<input type="date" ref=${n} onFocus=${()=>{s.current=0}} onBlur=${i} onChange=${()=>{let l=n.current?.value??"";l===t||l&&!Ze(l)||o(l,s.current++>0)}} /></label>`}function Jt({workspace:e}){let{storage:t}=e;y(()=>{t.read().catch(()=>{})},[e.meetings.overview.value]);let o=t.usage.value;return o?r`<a class="storage-glance muted" href=${N("storage")}>${H(o.bytes)}${o.quota>0&&` of ${H(o.quota)}`} used</a>`:null}var V="title-filter";function Qt({workspace:e}){let{meetings:t}=e,{view:o}=t,{filter:n,sort:s,view:i}=o.value,{types:a}=t.overview.value,u=t.isCurrent.value&&!t.loading.value,l=(m,d=!1)=>D(I({...o.value,filter:{...o.value.filter,...m}}),{replace:d}),c=m=>l({min_minutes:void 0,max_minutes:void 0,...ue(`length=${m}`).filter}),f=k(null);et(f,V,m=>m&&l({title:m},!0));let $=["from","to","person","type"].filter(m=>n[m]).length+(me(n)?1:0),b=m=>d=>m(d.currentTarget.value);return r`
		<div class="library-bar">
			<${Uo} meetings=${t} />
			<div class="library-line">
				<div class="filter" role="search">
					<label class="hidden" for=${V}>Filter meetings by title</label>
					<${je} />
					<input id=${V} ref=${f} type="search" placeholder="Filter by title" autocomplete="off" maxlength="200" value=${n.title??""}
						onInput=${b(m=>l({title:m},!0))} />
				</div>
				<label class="sort"><span class="hidden">Sort</span>
					<select value=${s} onChange=${b(m=>D(I({...o.value,sort:m})))}>
						${Qe.map(([m,d])=>r`<option key=${m} value=${m} selected=${m===s}>${d}</option>`)}
					</select>
				</label>
			</div>
			<div class="library-foot">
				<details class="more-filters">
					<summary>${$?`Filters (${$})`:"Filters"}</summary>
					<div class="filter-fields">
						<${Fe} label="From" value=${n.from} onChoose=${(m,d)=>l({from:m},d)} />
						<${Fe} label="To" value=${n.to} onChoose=${(m,d)=>l({to:m},d)} />
						<label>Person<input type="search" maxlength="200" autocomplete="off" placeholder="Name or address" value=${n.person??""} onChange=${b(m=>l({person:m}))} /></label>
						${a.length>0&&r`
							<label>Type
								<select value=${n.type??""} onChange=${b(m=>l({type:m}))}>
									<option value="">Any type</option>
									${a.map(m=>r`<option key=${m} value=${m} selected=${m===n.type}>${m}</option>`)}
								</select>
							</label>`}
						<label>Length
							<select value=${me(n)} onChange=${b(c)}>
								${Xe.map(([m,d])=>r`<option key=${m} value=${m} selected=${m===me(n)}>${d}</option>`)}
							</select>
						</label>
						<button type="button" class="button primary filters-done" onClick=${Ho}>Done</button>
					</div>
				</details>
				${z(n)&&r`<a href=${I({...o.value,filter:{}})}>Clear filters</a>`}
				<p class="muted" role="status">${u&&x(t.total,"meeting")}</p>
				<${Jt} workspace=${e} />
				<a href=${I({...o.value,view:i==="grid"?"list":"grid"})}>${i==="grid"?"Show a list":"Show a grid"}</a>
			</div>
		</div>`}function Ho({currentTarget:e}){let t=e.closest("details");t.open=!1,t.querySelector("summary").focus()}function Uo({meetings:e}){let{filter:t}=e.view.value,{states:o}=e.overview.value,n=!e.isCurrent.value&&!e.loading.value,s=Object.values(o).reduce((i,a)=>i+a,0);return r`
		<nav class="chips" aria-label="States">
			${ce.map(({state:i,label:a})=>r`
				<a key=${i} class="chip" href=${I({...e.view.value,filter:{...t,state:i||void 0}})}
					aria-current=${(t.state??"")===i?"true":void 0}>${a} ${!n&&r`<span class="count">${le(i?o[i]:s)}</span>`}</a>`)}
		</nav>`}var zo={fathom:"Fathom",loom:"Loom",automation:"Automation",notifications:"Notifications",storage:"Storage",security:"Security",tokens:"API tokens",data:"Your data",appearance:"Appearance"};function Xt({jobs:e,fathom:t},o,n){let s=o.toLowerCase().split(/\s+/).filter(Boolean),a=[{name:"Meetings",address:S("/")},...ce.flatMap(({state:u,label:l})=>u?[{name:`Meetings: ${l}`,address:S(`/?state=${u}`)}]:[]),{name:"To upload",address:S("/upload")},{name:"Activity",address:S("/activity")},...Ne.map(u=>({name:`Settings: ${zo[u]}`,address:N(u)})),{name:"Help",address:S("/help")},{name:"Keyboard shortcuts",run:n},...t?[{name:"Sync now",run:()=>{e.sync().catch(u=>fe(T(u)))}}]:[]].filter(({name:u})=>s.every(l=>u.toLowerCase().includes(l)));return s.length?[...a,{name:`Search for \u201C${o.trim()}\u201D in everything`,address:Ue(o.trim())}]:a}function G({label:e,onClose:t,children:o}){let n=k(null);return y(()=>{let{current:i}=n;return i?.showModal(),()=>i?.close()},[]),r`
		<dialog class="sheet" ref=${n} aria-label=${e} onClose=${t} onClick=${i=>i.target===n.current&&t()}>
			<div class="sheet-body">${o}</div>
		</dialog>`}var Ko=150,jo=8;function Zt({workspace:e,onClose:t,onShortcuts:o}){let[n,s]=v(""),[i,a]=v([]),[u,l]=v(0);y(()=>{let m=n.trim();if(!m){a([]);return}let d=!0,O=setTimeout(async()=>{try{let{items:A}=await e.db.send("/api/library",{method:"GET",query:{title:m,limit:jo,counts:!1}});d&&a(A.map(({id:Y,title:C,recorded_at:J})=>({name:q(C),hint:ie(J),address:Q(Y)})))}catch{d&&a([])}},Ko);return()=>{d=!1,clearTimeout(O)}},[n]);let c=[...Xt(e,n,o),...i],f=Math.min(u,c.length-1);y(()=>document.getElementById(`command-${f}`)?.scrollIntoView({block:"nearest"}),[f,i]);let $=m=>{m&&(t(),m.address&&D(m.address),m.run?.())},b=m=>{if(m.isComposing)return;let d={ArrowDown:1,ArrowUp:-1};if(m.key==="Enter")$(c[f]);else if(d[m.key]&&c.length)l((f+d[m.key]+c.length)%c.length);else return;m.preventDefault()};return r`
		<${G} label="Go to" onClose=${t}>
			<input type="text" role="combobox" autofocus placeholder="Go to a page or a meeting" aria-label="Go to a page or a meeting" autocomplete="off" maxlength="200"
				aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${c.length?`command-${f}`:void 0} value=${n} onKeyDown=${b}
				onInput=${m=>{s(m.currentTarget.value),l(0)}} />
			<ul id="palette-list" class="palette" role="listbox" aria-label="Pages and meetings">
				${c.map((m,d)=>r`
					<li key=${m.address??m.name} id=${`command-${d}`} role="option" aria-selected=${d===f?"true":"false"} onClick=${()=>$(m)}>
						<span dir="auto">${m.name}</span>${m.hint&&r`<span class="muted">${m.hint}</span>`}
					</li>`)}
			</ul>
			<p class="hidden" role="status">${c.length?"":"Nothing found"}</p>
			${!c.length&&r`<p class="muted">Nothing found.</p>`}
		</${G}>`}function eo({onClose:e}){return r`
		<${G} label="Keyboard shortcuts" onClose=${e}>
			<h2>Keyboard shortcuts</h2>
			<${rt} />
			${Ve.map(({where:t,shortcuts:o})=>r`
				<section key=${t}>
					<h3>${t}</h3>
					<${nt} shortcuts=${o} />
				</section>`)}
			<${p} kind="quiet" onClick=${e}>Close</${p}>
		</${G}>`}function to({workspace:e}){let[t,o]=v("");y(()=>{let s=i=>{if(Ge(i)){if(i.defaultPrevented||document.querySelector("dialog[open]"))return;o("palette")}else if(ne(i))if(i.key==="?")o("shortcuts");else if(i.key==="/")Wo();else return;else return;i.preventDefault()};return addEventListener("keydown",s),()=>removeEventListener("keydown",s)},[]);let n=s=>o(i=>i===s?"":i);return t==="palette"?r`<${Zt} workspace=${e} onClose=${()=>n("palette")} onShortcuts=${()=>o("shortcuts")} />`:t==="shortcuts"?r`<${eo} onClose=${()=>n("shortcuts")} />`:null}function Wo(){let e=document.getElementById(V);if(e||R.value.page==="meetings")return e?.focus();We(V,""),D(S("/"))}function oo(e){let t=null;return()=>(t??=e().catch(o=>{throw t=null,o}),t)}function ro(e){let t=qe(null),o=oo(async()=>{t.value=await e()});return{Later:({name:i,...a})=>{let[u,l]=v(!1);return B(()=>{o().catch(()=>l(!0))},[]),t.value?r`<${t.value[i]} ...${a} />`:u?r`
				<div class="page narrow">
					<${K} title="Page not loaded" />
					<${g}>This page could not be loaded. <${p} kind="link" onClick=${()=>location.reload()}>Reload</${p}></${g}>
				</div>`:r`<div class="page"><${P} label="Loading" /></div>`},preload:()=>{o().catch(()=>{})}}}var no=()=>r`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${p} kind="quiet" onClick=${()=>location.reload()}>Reload page</${p}>
		</section>
	</div>`;var io=()=>r`
	<div class="foot">
		<div role="status"><${Vo} /></div>
		<div role="status">${ee.lostAt.value>0&&r`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${Go(ee.lostAt.value)}</p>`}</div>
	</div>`;function Vo(){let e=tt.value;if(!e)return null;let t=()=>ot().catch(o=>fe(Z(o)));return r`<p class="toast">${e.text}${e.undo&&r` <${p} kind="link" onClick=${t}>Undo</${p}>`}</p>`}var Go=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${se(new Date(e).toISOString())}.`;function so({notice:e}){let[t,o]=v(R.value.page==="sign-up"),[n,s]=v(!1),[i,a]=v([]);y(()=>{yt().then(()=>s(!0)),it.collection("users").listAuthMethods().then(b=>a(b.oauth2.enabled?b.oauth2.providers:[]),()=>{})},[]);let u=L(Bt),l=mt.value!==null;y(()=>{l&&u.run()},[]);let c=St.value,f=k(!1);B(()=>{f.current&&!c&&document.getElementById("email")?.focus(),f.current=c!==null},[c]);let $=t?"Create account":"Sign in";return c&&($="Enter your code"),y(()=>{de.value=$},[$]),r`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${X} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${$}</h2>
				${e&&!c&&r`<${g} kind="note">${e}</${g}>`}
				${c&&r`<${Yo} key=${c.mfaId} />`}
				${u.busy&&r`<${P} label="Signing in" />`}
				${u.error&&!c&&r`<${g}>${Z(u.error)}</${g}>`}
				${!c&&!u.busy&&r`
					<${Qo} key=${String(t)} isNew=${t} />
					${i.length>0&&r`<${or} providers=${i} />`}
					${n?r`<${Jo} isNew=${t} onClick=${()=>o(!t)} />`:r`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function Yo(){return r`
		<${Rt} id="code" send=${xt} submit=${Ct} label="Sign in" onCancel=${Tt} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${Ce} />.</p>`}function Jo({isNew:e,onClick:t}){let{signUp:o}=ke.value;return o==="closed"?r`<p class="switch">New here? Ask <${Ce} /> for an account.</p>`:r`
		<p class="switch">
			${e?"Already have an account?":o==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${p} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${p}>
		</p>`}function Qo({isNew:e}){let{run:t,busy:o,error:n,clear:s}=L(e?Lt:kt),[i,a]=v(""),u=$=>{$.preventDefault();let b=new FormData($.currentTarget),m=String(b.get("email")).trim();a(m),t(m,String(b.get("password")))};if(Zo(n))return r`<${er} isNew=${e} email=${i} onBack=${s} />`;let l=Xo(n)?"An account with this e-mail already exists. Sign in instead.":be(n,"email"),c=be(n,"password"),f=n&&!l&&!c;return r`
		<form onSubmit=${u}>
			<${xe} id="email" label="E-mail" type="email" required autocomplete="username" error=${l}
				hint=${e&&ke.value.signUp==="invite"?"The address that was invited.":""} />
			<${xe} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${c}
				hint=${e?"At least 8 characters.":""} />
			${f&&r`<${g}>${!e&&pe(n)===400?"Wrong e-mail or password.":T(n)}</${g}>`}
			<${p} type="submit" busy=${o}>${tr(e,o)}</${p}>
		</form>
		${!e&&r`<p class="switch"><a href=${S("/forgot-password")}>Forgot your password?</a></p>`}`}var Xo=e=>e?.response?.data?.email?.code==="validation_not_unique",Zo=e=>e?.response?.data?.email?.code==="validation_not_verified";function er({isNew:e,email:t,onBack:o}){return r`
		<div>
			<${g} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${g}>
			<${Et} email=${t} label="Send the message again" />
			${!e&&r`<p><${p} kind="link" onClick=${o}>Back to the form</${p}></p>`}
		</div>`}function tr(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function or({providers:e}){let[t,o]=v(""),{run:n,busy:s,error:i}=L(Ft),a=u=>{o(u),n(u)};return r`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:u,displayName:l})=>{let c=s&&t===u,f=l||u;return r`
					<${p} key=${u} kind="quiet" busy=${c} disabled=${s} onClick=${()=>a(u)}>
						${c?`Waiting for ${f}\u2026`:`Continue with ${f}`}
					</${p}>`})}
			${i&&r`<${g}>${Z(i)}</${g}>`}
		</div>`}function ao({workspace:{copied:e}}){let t=e.value,o=()=>{e.value=null};return t&&r`
		<div class="copied"><${g} kind="note">${Pt(t)} <${p} kind="link" onClick=${o}>Dismiss</${p}></${g}></div>`}var Be={index:-1,meeting:void 0};function Ae({index:e,meeting:t},o){let n=t?o.indexOf(t.id):-1;return n<0?e:n}function lo({root:e,total:t,columns:o,focused:n,setFocused:s,reveal:i,firstOnScreen:a,onSelect:u}){let l=k(-1);return B(()=>{if(l.current<0)return;let c=e.current?.querySelector(`[data-index="${l.current}"] .row-title`);c&&(l.current=-1,c.focus({preventScroll:!0}))}),y(()=>{let c=f=>{if(!ne(f))return;let $=!!e.current?.contains(document.activeElement),b=rr(f.key,$,o);if(b){let m=Math.min(Math.max(n<0?a:n+b,0),t-1);f.preventDefault(),l.current=m,s(m),i(m)}else f.key==="x"&&$&&n>=0&&(f.preventDefault(),u())};return addEventListener("keydown",c),()=>removeEventListener("keydown",c)}),{isMoving:()=>l.current>=0}}function rr(e,t,o){return e==="j"?1:e==="k"?-1:t?{ArrowDown:o,ArrowUp:-o,...o>1&&{ArrowRight:1,ArrowLeft:-1}}[e]??0:0}var nr="(max-width: 40rem)";function co(e,t,o){let n=()=>{let a=Number.parseFloat(getComputedStyle(document.documentElement).fontSize)||16,u=matchMedia(nr).matches,l=(e.current?.clientWidth||Math.min(innerWidth-32,1100))/a,c={row:(u?8.5:5.5)*a,columns:1},f={row:17.5*a,columns:Math.max(1,Math.floor(l/16))};return{...t==="grid"?f:c,heading:o?3*a:0}},[s,i]=v(n);return y(()=>{let a=()=>i(u=>{let l=n();return JSON.stringify(u)===JSON.stringify(l)?u:l});return a(),addEventListener("resize",a),()=>removeEventListener("resize",a)},[t,o]),s}function uo({root:e,layout:t,meetings:o,first:n}){let s=k(null);B(()=>{let i=sr(s.current,t,o);i&&(e.current?.getBoundingClientRect().top??0)<0&&scrollBy({top:i,behavior:"instant"}),s.current=ir(n,t,o)},[t,o.pages.value,o.view.value,o.isCurrent.value,o.loading.value,n])}function ir(e,t,o){return!o.isCurrent.value||o.loading.value?null:{id:o.at(e)?.id??"",top:te(t,e),view:o.view.value}}function sr(e,t,o){if(e?.view!==o.view.value)return 0;let n=o.indexOf(e.id);return n<0?0:te(t,n)-e.top}function mo({selection:e,meeting:t,index:o}){let n=({currentTarget:s,shiftKey:i})=>e.set(t,o,s.checked,i);return r`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t.id)} aria-label=${`Select: ${q(t.title)}`} onClick=${n} />
		</label>`}function fo({workspace:e,meeting:t,index:o,total:n,line:s,column:i,measures:{row:a,columns:u}}){let l={top:`${s*a}px`,height:`${a}px`,left:`${100*i/u}%`,width:`${100/u}%`};if(!t)return r`<li class="row selectable pending" aria-hidden="true" style=${l}><span class="thumb"></span></li>`;let c=[`${ie(t.recorded_at)}, ${se(t.recorded_at)}`,ae(t.duration),t.recorded_by?.name].filter(Boolean);return r`
		<li class="row selectable" data-index=${o} aria-setsize=${n} aria-posinset=${o+1} style=${l}>
			<${mo} selection=${e.selection} meeting=${t} index=${o} />
			<div class="row-lead">
				<${Dt} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${Q(t.id)}>${q(t.title)}</a>
					<p class="muted">${c.join(" \xB7 ")}${t.withdrawn_at&&r` <${Le} tone="plain">No longer at Fathom</${Le}>`}</p>
				</div>
			</div>
			<div class="row-side"><${ar} workspace=${e} meeting=${t} /></div>
		</li>`}function ar({workspace:e,meeting:t}){let o=e.transferOf(t.recording_id),n=o&&e.jobs.records.value.get(o.job),s=e.stateOf(t.recording_id,ht(o)?oe(...$e(n,e.jobs)):Date.now()),{run:i,busy:a,error:u}=L(()=>e.jobs.transfer(t.recording_id,s.phase==="failed"?$t(n):{}),"The copy starts.",()=>()=>e.jobs.cancelTransfer(t.recording_id)),l=$=>r`
		<${p} kind="quiet small" busy=${a} aria-label=${`${$}: ${q(t.title)}`} onClick=${i}>${$}</${p}>
		${u&&r`<span class="error" role="alert">${T(u)}</span>`}`,c=at(o?.share_url||t.loom_url),f=r`<${Nt} state=${s} />`;switch(s.phase){case"done":return r`${f}${c&&r`<${Te} href=${c}>Watch on Loom</${Te}>`}`;case"upload":return r`${f}<a class="button quiet small" href=${Q(t.id)}>Upload to Loom</a>`;case"waiting":return r`${f}<p class="row-reason muted">${s.detail}</p>`;case"running":return r`${f}<${Ot} workspace=${e} transferID=${o?.id??""} state=${s} name=${`Progress of ${q(t.title)}`} />`;case"failed":return r`${f}${l("Retry")}`;case"none":return r`${f}${l(M(e.delivery))}`;default:return f}}function po({sections:e,current:t,root:o}){let n=new Map;for(let i of e){let a=i.name.slice(0,4);a&&!n.has(a)&&n.set(a,i)}if(n.size<2)return null;let s=i=>scrollBy({top:(o.current?.getBoundingClientRect().top??0)+i});return r`
		<nav class="years" aria-label="Years">
			${[...n].map(([i,{top:a}])=>r`
				<button type="button" key=${i} aria-current=${t.startsWith(i)?"true":void 0} onClick=${()=>s(a)}>${i}</button>`)}
		</nav>`}var $o=3,lr=50;function ho({workspace:e}){let{meetings:t,selection:o}=e,{sort:n,view:s}=t.view.value,{months:i,total:a}=t.overview.value,u=n==="newest"||n==="oldest",l=k(null),c=co(l,s,u),f=Ie(()=>gt(u?i.map(({month:h,count:w})=>({name:h,count:w})):[{name:"",count:a}],c),[i,a,u,c]),[$,b]=v({top:0,bottom:globalThis.innerHeight});B(()=>{let h=()=>{let w=c.row,F=Math.floor(-(l.current?.getBoundingClientRect().top??0)/w)*w;b(U=>U.top===F&&U.bottom===F+innerHeight+w?U:{top:F,bottom:F+innerHeight+w})};return h(),addEventListener("scroll",h,{passive:!0}),addEventListener("resize",h),()=>{removeEventListener("scroll",h),removeEventListener("resize",h)}},[c,f]);let[m,d]=a<=lr?[0,a]:Se(f,$.top-$o*c.row,$.bottom+$o*c.row);y(()=>t.want(m,d),[m,d,t.pages.value]);let[O]=Se(f,$.top+c.row,$.bottom);uo({root:l,layout:f,meetings:t,first:O});let[A,Y]=v(Be),C=Ae(A,t),J=h=>Y(h<0?Be:{index:h,meeting:t.at(h)}),Io=h=>{let w=(l.current?.getBoundingClientRect().top??0)+te(f,h),F=c.heading+c.row;w<F?scrollBy({top:w-F}):w+c.row>innerHeight-16&&scrollBy({top:w+2*c.row-innerHeight})},{isMoving:qo}=lo({root:l,total:a,columns:c.columns,focused:C,setFocused:J,reveal:Io,firstOnScreen:O,onSelect:()=>A.meeting&&o.set(A.meeting,Ae(A,t),!o.has(A.meeting.id))}),_o=({target:h})=>{qo()||J(Number(h.closest("[data-index]")?.dataset.index??-1))},No=({relatedTarget:h})=>h&&!l.current?.contains(h)&&J(-1),Me=new Set(vt(m,d));C>=0&&C<a&&Me.add(C);let Do=f.sections.filter(h=>h===we(f,C)||h.first<d&&h.first+h.count>m);return r`
		<div class=${`library ${s}`} ref=${l} aria-busy=${t.loading.value?"true":void 0} inert=${!t.isCurrent.value} style=${{height:`${f.height}px`}} onFocusIn=${_o} onFocusOut=${No}>
			${Do.map(h=>r`
				<section class="month" key=${h.name||"all"} style=${{top:`${h.top}px`,height:`${h.height}px`}}>
					${u&&r`<h2>${Ye(h.name)}</h2>`}
					<ul class="rows" style=${{height:`${h.height-c.heading}px`}}>
						${[...Me].filter(w=>w>=h.first&&w<h.first+h.count).sort((w,F)=>w-F).map(w=>{let F=w-h.first,U=t.at(w)??(w===C?A.meeting:void 0);return r`<${fo} key=${U?.id??w} workspace=${e} meeting=${U} index=${w} total=${a}
								line=${Math.floor(F/c.columns)} column=${F%c.columns} measures=${c} />`})}
					</ul>
				</section>`)}
		</div>
		${u&&r`<${po} sections=${f.sections} current=${we(f,O)?.name??""} root=${l} />`}`}function go({workspace:e}){let{selection:t,meetings:o,db:n}=e,s=t.meetings.filter(({recording:l})=>l);if(!s.length)return null;let i=async()=>{try{await zt(n,s.map(({recording:l=""})=>l)),t.clear()}finally{o.refreshSoon()}},a=H(s.reduce((l,{size:c=0})=>l+c,0)),u=s.filter(({recording_id:l})=>e.transferOf(l)?.status!=="delivered").length;return r`
		<${_} label=${`Delete ${x(s.length,"copy","copies")}`} confirmLabel="Delete" action=${i}
			question=${`Delete ${x(s.length,"video")} here and free ${a}? ${Kt(u)}`} />`}function vo({workspace:{selection:e,lookup:t}}){let[o,n]=v(!1),[s,i]=v([]),a=e.meetings.filter(({recording:f})=>f).map(({recording_id:f})=>f),u=new Set(s.map(({recording_id:f})=>f)),l=a.filter(f=>!u.has(f)),c=s.map(({recording_id:f,url:$})=>[t.get(f)?.title,$].filter(Boolean).join(": "));return a.length?r`
		${l.length>0&&!o&&r`<${p} kind="quiet small" onClick=${()=>n(!0)}>Share ${x(l.length,"recording")}</${p}>`}
		${l.length>0&&o&&r`
			<${Wt} recordingIDs=${l} onCancel=${()=>n(!1)}
				onSaved=${f=>i($=>[...$,f])} />`}
		${s.length>0&&r`<${jt} id="selected-links" label=${`Anybody with ${s.length===1?"the link":"a link"} can watch the recording`} text=${c.join(`
`)} />`}`:null}function yo({workspace:e}){let{selection:t,meetings:o}=e,[n,s]=v({}),{count:i,bytes:a,seconds:u,uncopied:l}=t.summary,{run:c,busy:f,error:$,clear:b}=L(async C=>{await e.copySelection(t.request,i,C?n:{deliver:C}),t.clear()}),m=({currentTarget:{checked:C}})=>{b(),C?t.selectAll():t.clear()},d=i>0&&i===o.total,[O,A]=[ae(u),i>0&&pt(l,e.latestCopies)],Y=[`${le(i)} selected`,a?H(a):O&&`${O} of recordings`,A&&`${A} to copy`];return r`
		<div class=${`selection${i?" open":""}`} role="group" aria-label="Selected meetings" inert=${!o.isCurrent.value}>
			<label>
				<input type="checkbox" data-landing checked=${d} indeterminate=${i>0&&!d} onChange=${m} />
				${o.total===1?"Select the meeting":`Select all ${x(o.total,"meeting")}`}
			</label>
			<span class="muted" aria-live="polite">${i>0&&Y.filter(Boolean).join(" \xB7 ")}</span>
			${i>0&&r`
				<div class="actions">
					${e.fathom&&r`
						<${p} kind="primary small" busy=${f} onClick=${()=>c(!0)}>${M(j(e.delivery,n),i)}</${p}>
						<${p} kind="quiet small" busy=${f} onClick=${()=>c(!1)}>Only keep a copy here</${p}>`}
					<${Ut} kind="quiet small" db=${e.db} selection=${t.request} />
					<${vo} key=${t.meetings.map(({id:C})=>C).join()} workspace=${e} />
					<${go} workspace=${e} />
					<${p} kind="link" onClick=${()=>t.clear()}>Clear</${p}>
				</div>
				${e.fathom&&r`<${W} workspace=${e} id="selected" choice=${n} onChange=${s} many=${!0} />`}`}
			${$&&r`<${g}>${T($)}</${g}>`}
			${t.error.value&&r`<${g}>${t.error.value}</${g}>`}
		</div>`}function bo({workspace:e}){let{run:t,busy:o,error:n}=L(()=>e.jobs.sync({full:!0}));return r`
		<${p} kind="link" busy=${o} onClick=${t}>Check all meetings</${p}>
		${n&&r`<span class="error" role="alert">${T(n)}</span>`}`}var cr=50;function wo({workspace:{db:e},sync:t}){let[o,n]=v(null),{run:s,error:i}=L(async()=>n(await e.collection("unreadable_meetings").getList(1,cr,{sort:"-created"})));return y(()=>{s()},[t.id,t.finished_at]),i?r`<p class="error" role="alert">${T(i)} <${p} kind="link" onClick=${s}>Try again</${p}></p>`:o?.totalItems?r`
		<details class="unreadable">
			<summary>${x(o.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${o.items.map(({id:a,recording_id:u,reason:l})=>r`
					<li key=${a}><strong>${u?`Recording ${u}`:"A meeting without an id"}</strong> <span class="muted">${l}</span></li>`)}
			</ul>
			${o.totalItems>o.items.length&&r`<p class="muted">The latest ${o.items.length} are shown.</p>`}
		</details>`:null}function So({workspace:e}){let t=e.jobs.lastSync;return r`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?r`<p class="error">Last sync failed: ${t.error}</p>`:r`<p class="muted">${ur(e.jobs,t)}</p>`}
			</div>
			${t&&ve(t)&&r`<${It} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!ve(t)&&e.fathom&&r`<${bo} workspace=${e} />`}
			${t&&r`<${wo} workspace=${e} sync=${t} />`}
		</div>`}function ur(e,t){switch(t?.status){case"pending":case"failed":{let o=dt(t,e,oe(...$e(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${o}`:`The sync waits. ${o}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${Je(t.finished_at,oe(t.finished_at))} \xB7 ${mr(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function mr(e){return[e?.added?x(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}function ko({workspace:e}){let[t,o]=v({}),n=e.meetings.states.value.at_fathom,s=()=>e.copySelection({library:{state:"at_fathom"}},n,t),i=j(e.delivery,t);return r`
		${n>0&&r`
			<${_} kind="primary" label=${M(e.delivery,n)} confirmLabel=${M(i,n)}
				question=${ge(i,n)} action=${s}>
				<${W} workspace=${e} id="all" choice=${t} onChange=${o} many=${!0} />
			</${_}>`}`}function Co({workspace:e}){let[t,o]=v(null),[n,s]=v({}),{meetings:i}=e,a=j(e.delivery,n),u={library:i.filter},{run:l,error:c}=L(async d=>{o(await e.transferMany(u,{...d,dryRun:!0}))}),f=i.total;if(!f||!i.isCurrent.value)return null;let $=async()=>{let d=await e.transferMany(u,{...n,dryRun:!0});if(!d.created)throw new Error(xo(d,a));o(d)},b=d=>{s(d),d.byHand!==n.byHand&&l(d)},m=async()=>{try{await e.copySelection(u,t?.matched??f,n)}catch(d){throw pe(d)===409&&l(n),d}};return r`
		<${_} kind="primary" label=${`Copy ${x(f,"matching meeting")}`} confirmLabel=${M(a,t?.created)} prepare=${$}
			question=${t?xo(t,a):""} action=${m}>
			<${W} workspace=${e} id="matching" choice=${n} onChange=${b} many=${!0} />
			${c&&r`<${g}>${T(c)}</${g}>`}
		</${_}>`}function xo({created:e,active:t,skipped:o,waiting:n},s){let i=Mt({active:t,skipped:o,waiting:n});return e?`${ge(s,e)} ${i}`:`There is nothing to copy. ${i}`}var Ee="first-run";function To({user:e,meetings:t,fathom:o},n){let s=k(void 0),i=sessionStorage.getItem(Ee)===e.id;n?s.current=!0:!i&&!s.current?s.current=!1:s.current===void 0&&t.loaded.value&&(s.current=t.states.value.at_fathom===t.totalOfAll.value);let a=s.current?n||!!o:s.current??void 0;return y(()=>{n?sessionStorage.setItem(Ee,e.id):i&&s.current===!1&&sessionStorage.removeItem(Ee)},[n,i,s.current]),a}function Fo({workspace:e,query:t}){let{meetings:o,selection:n}=e;B(()=>{let $=ue(t);JSON.stringify($.filter)!==JSON.stringify(o.view.value.filter)&&n.clear(),o.show($)},[t]),Vt(()=>o.scroll,$=>{o.scroll=$});let s=o.loaded.value&&e.connections.loaded.value,i=o.error.value||e.connections.error.value,a=s&&!o.totalOfAll.value,u=To(e,a)&&(a||!z(o.readView.value.filter)),l=s&&u!==void 0,c=e.fathom?.status==="invalid",f=!c&&r`<${So} workspace=${e} />`;return r`
		<div class="page">
			<div class="page-head">
				<div>
					<${K} title="Meetings" />
					${l&&!u&&f}
				</div>
				${l&&!u&&e.fathom&&r`<${Lo} workspace=${e} />`}
			</div>
			${c&&!(u&&a)&&r`
				<${g}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${N("fathom")}>Replace the key</a></${g}>`}
			${l&&!a&&!e.fathom&&r`
				<${g} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${N("fathom")}>Connect Fathom</a></${g}>`}
			${i&&r`<${g}>${i} <${p} kind="link" onClick=${()=>fr(e)}>Try again</${p}></${g}>`}
			${!l&&!i&&r`<${P} label="Loading meetings" />`}
			${l&&u&&r`<${_t} workspace=${e} />`}
			${l&&u&&!a&&r`<div class="first-tools"><div>${f}</div><${Lo} workspace=${e} /></div>`}
			${l&&!a&&r`<${Ht} /><${Qt} workspace=${e} /><${ao} workspace=${e} /><${pr} workspace=${e} />`}
		</div>`}function fr(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function Lo({workspace:e}){let{meetings:t}=e,o=z(t.readView.value.filter);return r`
		<div class="actions list-actions">
			<${qt} workspace=${e} />
			${o?r`<${Co} key=${JSON.stringify(t.filter)} workspace=${e} />`:r`<${ko} workspace=${e} />`}
		</div>`}function pr({workspace:e}){let{meetings:t}=e,o=t.readView;return t.total?r`
		<${yo} workspace=${e} />
		<${ho} workspace=${e} />`:t.loading.value?r`<${P} label="Searching" />`:t.isCurrent.value?r`
			<section class="empty">
				<h2>No matches</h2>
				<p>${o.value.filter.title?`No meeting has \u201C${o.value.filter.title.trim()}\u201D in its title${z({...o.value.filter,title:""})?" and matches the filters":""}.`:"No meeting matches the filters."}</p>
				<a class="button quiet" href=${I({...t.view.value,filter:{}})}>Show all meetings</a>
			</section>`:null}var Bo=()=>r`
	<div class="page narrow">
		<${K} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${S("/")}>Go to your meetings</a></p>
	</div>`;var{Later:E,preload:dr}=ro(()=>import("./more_pages-ZQKCGJSR.js"));function Ao(){let e=he.value,{page:t}=R.value;if(De(R.value))return r`<${E} key=${location.hash} name=${$r[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return r`<${E} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return r`<main class="splash"><${P} label="Loading your meetings" /></main>`;case"offline":return r`
				<main class="splash">
					<${X} />
					<p role="alert">${e.notice}</p>
					<${p} onClick=${wt}>Try again</${p}>
				</main>`;case"signed-out":return r`<${so} notice=${e.notice||hr()} />`;default:return r`<${gr} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var $r={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function hr(){return R.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":lt.value?"Sign in to finish connecting Atlassian.":""}function gr({workspace:e}){let t=R.value;y(()=>{let n=setTimeout(dr,1e3);return()=>clearTimeout(n)},[]);let o=(...n)=>n.includes(t.page)?"page":void 0;return r`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${yr}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${S("/")} aria-label="Fathom-to-Loom: meetings"><${X} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${S("/")} aria-current=${o("meetings","meeting","search")}>Meetings</a>
				<${Yt} workspace=${e} current=${o("upload")} />
				<a href=${ze()} aria-current=${o("activity")}>Activity</a>
				<a href=${S("/settings")} aria-current=${o("settings","atlassian-callback")}>Settings</a>
				<a href=${S("/help")} aria-current=${o("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${At}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${ee.lostAt.value>0?"stale":""}>
			<${ye} key=${He(t)} fallback=${r`<${no} />`}>
				<${vr} workspace=${e} route=${t} />
			</${ye}>
		</main>
		<${io} />
		<${to} workspace=${e} />`}function vr({workspace:e,route:t}){switch(t.page){case"upload":return r`<${E} name="UploadPage" workspace=${e} />`;case"activity":return r`<${E} name="ActivityPage" workspace=${e} query=${t.query} />`;case"settings":return r`<${E} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return r`<${E} name="HelpPage" />`;case"atlassian-callback":return r`<${E} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return r`<${E} name="AuthorizePage" query=${t.query} />`;case"meeting":return r`<${E} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} tab=${t.tab} />`;case"search":return r`<${E} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return r`<${Bo} />`;default:return r`<${Fo} workspace=${e} query=${"query"in t?t.query:""} />`}}function yr(e){e.preventDefault(),document.getElementById("content")?.focus()}function Eo(){_e(()=>{let{value:e}=he,t=e.phase==="ready"?br(e.workspace.jobs.transferring.value,s=>e.workspace.stateOf(s)):"";document.title=[t,de.value,"Fathom-to-Loom"].filter(Boolean).join(" \xB7 ");let o=document.querySelector("link[rel=icon]"),n=`${re()}/${t?"favicon-busy.svg":"favicon.svg"}`;o&&o.href!==n&&(o.href=n)})}function br(e,t){let[o]=e;return e.size<=1?e.size?t(o).label:"":x(e.size,"copy","copies")}var Re="h1, h2, h3, .row-title, [data-landing]";function Po(e,t,o,n){for(let s=t;s;s=s.previousSibling){let i=s.isConnected&&Ro(s).find(a=>Sr(a,o));if(i)return i}for(let s of e.filter(({isConnected:i})=>i)){let i=Ro(s);if(i.length)return wr(s)?i.reduce((a,u)=>n(u)<n(a)?u:a):i[0]}return null}var wr=({localName:e})=>e==="ul"||e==="ol",Ro=e=>[...e.querySelectorAll?.(Re)??[]].map(t=>t);function Sr(e,t){for(let o=e;o;o=o.parentNode)if(t.has(o))return!0;return!1}function Oo(e){let t=[],o=0,n=i=>{let a=t.findLast(({isConnected:c})=>!c),u=i.find(({removedNodes:c})=>[...c].includes(a))?.previousSibling??null,l=new Set(i.flatMap(({addedNodes:c})=>[...c]));return Po([...t,e],u,l,c=>Math.abs(Mo(c)-o))},s=()=>{t[0]?.isConnected&&(o=Mo(t[0]))};e.addEventListener("focusin",i=>{t=kr(i.target,e),s()}),document.addEventListener("click",s,{capture:!0}),document.addEventListener("pointerdown",i=>{t.length&&!t[0].contains(i.target)&&(t=[])},{capture:!0}),new MutationObserver(i=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let a=xr(t,e)??n(i);t=[],a&&(a.tabIndex<0&&(a.tabIndex=-1),a.focus({preventScroll:!0}),a.matches("[data-landing]")||a.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}var Mo=e=>e.getBoundingClientRect().top+scrollY;function kr(e,t){let o=[];for(let n=e;n&&n!==t;n=n.parentElement)o.push(n);return o}function xr(e,t){for(let{dataset:o,isConnected:n}of e){let s=!n&&o.keep&&t.querySelector(`[data-keep="${CSS.escape(o.keep)}"]`);if(s)return s.querySelector(Re)}return null}Gt();ut();ft();addEventListener("pageshow",ct);st(re());Ke();bt();Eo();var Pe=document.getElementById("app");Pe&&(Oo(Pe),Oe(r`<${Ao} />`,Pe));
